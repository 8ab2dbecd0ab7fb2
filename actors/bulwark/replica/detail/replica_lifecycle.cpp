#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/detail/leave_frames.hpp>
#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/gate/health_probe.hpp>
#include <bulwark/quota/detail/cpu_meter.hpp>
#include <bulwark/replica/detail/replica_lifecycle.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/supervisor/detail/resume_plan.hpp>

#include <caf/actor_clock.hpp>
#include <caf/exit_reason.hpp>
#include <caf/result.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>

#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

caf::result<caf::message> refuse_unknown(caf::scheduled_actor*,
                                         caf::message_view& what) {
  if (what.content().match_elements<poke>()
      || what.content().match_elements<health_probe>())
    return caf::message{};
  return caf::sec::unexpected_message;
}

/// An error as the answer to a request without an error handler ends the
/// actor, as CAF has it. One that comes unasked, say the answer to a plain
/// send, must not.
void end_on_answer(caf::scheduled_actor* self, caf::error& err) {
  if (!is_response(self->current_message_id()))
    return;
  if (auto* running = this_service())
    running->hand->ends_on_this();
  self->quit(std::move(err));
}

/// Answers a request that came around the gate as CAF does, and passes by
/// where its answer is awaited: it may have come through another gate. Returns
/// false for what is no request.
bool bounce(element& what, run_context eu) {
  if (!wants_answer(what))
    return false;
  answer(what, nullptr, eu, caf::make_error(caf::sec::request_receiver_down));
  return true;
}

} // namespace

replica_lifecycle::replica_lifecycle(std::shared_ptr<gate_core> core,
                                     uint8_t index, birth origin,
                                     bool reports_ready,
                                     std::shared_ptr<cpu_meter> meter)
  : core_(std::move(core)),
    reports_ready_(reports_ready),
    origin_(std::move(origin)),
    supervisor_(origin_.supervisor.get()),
    meter_(std::move(meter)),
    hand_(core_.get(), index, origin_.incarnation, origin_.control.get()) {
  if (origin_.control)
    origin_.control->tells_end = true;
}

void replica_lifecycle::install_handlers(caf::scheduled_actor& self) {
  self.set_default_handler(refuse_unknown);
  self.set_error_handler(end_on_answer);
  self.set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
}

void replica_lifecycle::refuse_resume() const {
  if (origin_.resume)
    throw std::invalid_argument{
      "child.on_failure says resume; it must not for a blocking actor, whose "
      "state is gone when an exception has left it"};
}

caf::error replica_lifecycle::on_exception(caf::scheduled_actor& self,
                                           std::exception_ptr& what,
                                           bool whole) {
  auto text = describe(what);
  auto resumed = whole && resumes(self, text);
  auto why = make_error(errc::service_crashed, std::move(text));
  if (!resumed) {
    if (auto* running = this_service())
      running->crashing = true;
    return why;
  }
  fail_message(self, why);
  throw message_failed{};
}

/// One that has quit, or has no behaviour left, ends in any case.
bool replica_lifecycle::resumes(const caf::scheduled_actor& self,
                                const std::string& what) const {
  if (!origin_.resume || !running_ || !self.has_behavior() || has_quit(self))
    return false;
  const auto* rule = find_rule(origin_.resume->rules, what);
  return rule != nullptr && rule->then == failure_directive::resume;
}

void replica_lifecycle::answer_current(caf::scheduled_actor& self,
                                       const caf::error& why) {
  const auto* what = message_in_hand(self);
  if (what != nullptr && is_request(*what))
    self.make_response_promise().deliver(why);
}

/// A promise that was made before takes along the way home: then the gate
/// answers, which tracks the request. It does so too where the
/// message was a response, on behalf of the request that this belongs to.
void replica_lifecycle::fail_message(caf::scheduled_actor& self,
                                     const caf::error& why) {
  answer_current(self, why);
  if (auto handled = hand_.id())
    core_->ends().fail(*handled, end().owner(), why, context_of(self));
  hand_.end();
  event told;
  told.kind = event_kind::message_failed;
  told.level = severity_of(told.kind);
  told.failure = failure_type::exception;
  told.component = origin_.resume->component;
  told.incarnation = origin_.incarnation;
  told.reason = describe(why);
  origin_.resume->events.emit(std::move(told));
}

void replica_lifecycle::announce(caf::local_actor& self) {
  if (auto supervisor = std::exchange(origin_.supervisor, nullptr))
    post_as(handle_of(self), supervisor, context_of(self),
            child_up{origin_.key, origin_.incarnation});
}

bool replica_lifecycle::await_turn(running_service& running) const {
  // Whoever waits for its turn does not hang.
  running.end_work();
  auto ended = meter_->begin(origin_.control.get());
  running.begin_work();
  return ended;
}

void replica_lifecycle::rest() const {
  meter_->end();
}

void replica_lifecycle::leave_quota() const {
  meter_->close();
}

void replica_lifecycle::begin_death() const {
  if (core_)
    core_->deaths().begin_death(hand_.index(), origin_.incarnation);
}

replica_end replica_lifecycle::end() const {
  replica_end result;
  result.index = hand_.index();
  result.incarnation = origin_.incarnation;
  return result;
}

void replica_lifecycle::hand_back(element_chain waiting, run_context eu) {
  element_chain ours;
  uint32_t kept = 0;
  uint32_t refused = 0;
  while (auto what = waiting.pop_front()) {
    if (core_ && core_->tracks(*what)) {
      ours.push_back(std::move(what));
      ++kept;
    } else {
      refused += bounce(*what, eu);
    }
  }
  size_t taken_up = 0;
  if (core_) {
    auto dying = end();
    dying.blamed = hand_.id();
    dying.blames_the_only_one = threw_somewhere_;
    taken_up = core_->deaths().take(dying, std::move(ours), eu);
    blamed_ = dying.blamed;
  }
  if (!origin_.control)
    return;
  origin_.control->kept.store(kept);
  origin_.control->refused.store(refused);
  origin_.control->taken_up.store(static_cast<uint32_t>(taken_up));
}

void replica_lifecycle::finish_death(const caf::error& reason, run_context eu) {
  post(supervisor_, eu, child_down{origin_.key, origin_.incarnation, reason});
  if (!core_)
    return;
  auto dead = end();
  dead.blamed = blamed_;
  auto how = classify(reason);
  auto orderly = how == exit_class::normal || how == exit_class::shutdown;
  dead.for_good =
    origin_.control ? origin_.control->ends_for_good(how) : orderly;
  core_->deaths().finish_death(dead, reason, eu);
}

} // namespace bulwark::detail
