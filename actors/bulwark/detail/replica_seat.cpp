#include <bulwark/caf_error.hpp>
#include <bulwark/detail/control.hpp>
#include <bulwark/detail/gate_core.hpp>
#include <bulwark/detail/mailbox_drain.hpp>
#include <bulwark/detail/replica_seat.hpp>
#include <bulwark/detail/resume_plan.hpp>
#include <bulwark/detail/running_service.hpp>
#include <bulwark/quota/detail/cpu_meter.hpp>
#include <bulwark/severity_rules.hpp>

#include <caf/actor_cast.hpp>
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
  if (what.content().match_elements<poke>())
    return caf::message{};
  return caf::sec::unexpected_message;
}

/// An error as the answer to a request without an error handler ends the
/// actor, as CAF has it. One that comes unasked, say the answer to a plain
/// send, must not.
void end_on_answer(caf::scheduled_actor* self, caf::error& err) {
  if (!self->current_message_id().is_response())
    return;
  if (auto* running = this_service())
    running->seat->ends_on_this();
  self->quit(std::move(err));
}

/// Answers a request that came around the gate as CAF does, and passes by
/// where its answer is awaited: it may have come through another gate. Returns
/// false for what is no request.
bool bounce(caf::mailbox_element& what, caf::execution_unit* eu) {
  if (!what.mid.is_request() || (!what.sender && what.stages.empty()))
    return false;
  auto err = caf::make_error(caf::sec::request_receiver_down);
  pass_answer(caf::make_mailbox_element(nullptr, what.mid, {}, std::move(err)),
              std::move(what.sender), what.mid, std::move(what.stages), nullptr,
              eu);
  return true;
}

} // namespace

running_service*& this_service() noexcept {
  thread_local running_service* current = nullptr;
  return current;
}

replica_seat::replica_seat(std::shared_ptr<gate_core> core, uint8_t index,
                           birth origin, bool reports_ready,
                           std::shared_ptr<cpu_meter> meter)
  : core_(std::move(core)),
    index_(index),
    reports_ready_(reports_ready),
    origin_(std::move(origin)),
    supervisor_(origin_.supervisor.get()),
    meter_(std::move(meter)) {
  if (origin_.control)
    origin_.control->tells_end = true;
}

/// A response belongs to the request for which its own was made.
void replica_seat::begin_message(const caf::mailbox_element& what) noexcept {
  sees_messages_ = true;
  if (!core_)
    return;
  handled_.reset();
  if (what.mid.is_response()) {
    if (auto from = memory_.recall(what.mid.request_id().integer_value()))
      handled_ = from->request;
  } else if (core_->tracks(what)) {
    handled_ = tracked_id(what.mid);
  }
  if (origin_.control)
    origin_.control->at_hand.set(handled_);
}

void replica_seat::end_message() noexcept {
  if (!handled_ || ends_on_this_)
    return;
  handled_.reset();
  if (origin_.control)
    origin_.control->at_hand.set(std::nullopt);
}

bool replica_seat::ends_on(pending_id id, pending_owner owner) const noexcept {
  return handled_ == id && owner == end().owner();
}

/// A blocking actor does not see its messages begin. A promise that it made
/// has taken along what tells the gate by which the message came.
std::optional<pending_id>
replica_seat::request_of(const caf::mailbox_element& what) const {
  if (sees_messages_ || !core_)
    return handled_;
  return tracked_id(what.mid);
}

void replica_seat::install_handlers(caf::scheduled_actor& self) {
  self.set_default_handler(refuse_unknown);
  self.set_error_handler(end_on_answer);
  self.set_down_handler([](caf::scheduled_actor*, caf::down_msg&) {});
}

void replica_seat::refuse_resume() const {
  if (origin_.resume)
    throw std::invalid_argument{
      "child.on_failure says resume; it must not for a blocking actor, whose "
      "state is gone when an exception has left it"};
}

caf::error replica_seat::on_exception(caf::scheduled_actor& self,
                                      std::exception_ptr& what, bool whole) {
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
bool replica_seat::resumes(const caf::scheduled_actor& self,
                           const std::string& what) const {
  if (!origin_.resume || !running_ || !self.has_behavior()
      || self.getf(caf::abstract_actor::is_shutting_down_flag))
    return false;
  const auto* rule = find_rule(origin_.resume->rules, what);
  return rule != nullptr && rule->then == failure_directive::resume;
}

/// A promise that was made before takes along the way home: then the gate
/// answers, which has the request on its books. It does so too where the
/// message was a response, on behalf of the request that this belongs to.
void replica_seat::fail_message(caf::scheduled_actor& self,
                                const caf::error& why) {
  auto* what = self.current_mailbox_element();
  if (what != nullptr && what->mid.is_request())
    self.make_response_promise().deliver(why);
  if (handled_)
    core_->fail(*handled_, end().owner(), why, self.context());
  end_message();
  event told;
  told.kind = event_kind::message_failed;
  told.level = severity_of(told.kind);
  told.failure = failure_type::exception;
  told.component = origin_.resume->component;
  told.incarnation = origin_.incarnation;
  told.reason = describe(why);
  origin_.resume->events.emit(std::move(told));
}

void replica_seat::announce(caf::local_actor& self) {
  if (auto supervisor = std::exchange(origin_.supervisor, nullptr))
    supervisor->get()->enqueue(
      caf::make_mailbox_element(caf::strong_actor_ptr{self.ctrl()},
                                caf::make_message_id(), {},
                                child_up{origin_.key, origin_.incarnation}),
      self.context());
}

void replica_seat::retire(caf::scheduled_actor& self, caf::execution_unit* eu) {
  if (told_to_end_)
    return;
  if (core_ && !std::exchange(stepped_back_, true)) {
    begin_death();
    element_chain ours;
    auto waiting = drain_mailbox(self);
    // What it is owed itself may be what its answers need.
    while (auto what = waiting.pop_front())
      if (core_->tracks(*what))
        ours.push_back(std::move(what));
      else
        self.enqueue(std::move(what), eu);
    auto leaving = end();
    leaving.how = replica_end::kind::retires;
    core_->hand_back(leaving, std::move(ours), eu);
  }
  if (core_ && core_->owes_answers(index_, origin_.incarnation)) {
    auto now = self.clock().now();
    if (now < next_look_)
      return;
    next_look_ = now + retire_look;
    return self.clock().schedule_message(
      next_look_, caf::strong_actor_ptr{self.ctrl()},
      caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, poke{}));
  }
  told_to_end_ = true;
  self.enqueue(
    caf::make_mailbox_element(
      nullptr, caf::make_message_id(), {},
      caf::exit_msg{self.address(), caf::exit_reason::user_shutdown}),
    eu);
}

bool replica_seat::await_turn(running_service& running) const {
  // Whoever waits for its turn does not hang.
  running.end_work();
  auto ended = meter_->begin(origin_.control.get());
  running.begin_work();
  return ended;
}

void replica_seat::rest() const {
  meter_->end();
}

void replica_seat::leave_quota() const {
  meter_->close();
}

void replica_seat::begin_death() const {
  if (core_)
    core_->begin_death(index_, origin_.incarnation);
}

replica_end replica_seat::end() const {
  replica_end result;
  result.index = index_;
  result.incarnation = origin_.incarnation;
  return result;
}

void replica_seat::hand_back(element_chain waiting, caf::execution_unit* eu) {
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
    dying.blamed = handled_;
    dying.blames_the_only_one = threw_somewhere_;
    taken_up = core_->hand_back(dying, std::move(ours), eu);
    blamed_ = dying.blamed;
  }
  if (!origin_.control)
    return;
  origin_.control->kept.store(kept);
  origin_.control->refused.store(refused);
  origin_.control->taken_up.store(static_cast<uint32_t>(taken_up));
}

void replica_seat::finish_death(const caf::error& reason,
                                caf::execution_unit* eu) {
  if (auto to = caf::actor_cast<caf::strong_actor_ptr>(supervisor_))
    to->get()->eq_impl(caf::make_message_id(), nullptr, eu,
                       child_down{origin_.key, origin_.incarnation, reason});
  if (!core_)
    return;
  auto dead = end();
  dead.blamed = blamed_;
  auto how = classify(reason);
  auto orderly = how == exit_class::normal || how == exit_class::shutdown;
  dead.for_good =
    origin_.control ? origin_.control->ends_for_good(how) : orderly;
  core_->finish_death(dead, reason, eu);
}

} // namespace bulwark::detail
