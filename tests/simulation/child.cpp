#include "simulation/child.hpp"

#include <bulwark/caf_error.hpp>
#include <bulwark/ready.hpp>

#include <caf/all.hpp>

#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace test::sim {

namespace {

/// A child to itself: it is time to answer, to be ready, to end.
struct answer_now {
  uint64_t which = 0;
};
struct ready_now {};
struct end_now {
  caf::error reason;
};

} // namespace

} // namespace test::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::answer_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::ready_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::sim::end_now)

namespace test::sim {

namespace {

class child : public caf::event_based_actor {
public:
  child(caf::actor_config& config, backstage* stage)
    : event_based_actor(config), stage_(*stage), me_(stage->next) {
    set_exit_handler([this](caf::exit_msg& x) { on_exit_message(x); });
    stage_.step(me_.node);
  }

  /// A promise holds the actor that made it.
  void on_exit() override { kept_.clear(); }

protected:
  caf::behavior make_behavior() override {
    stage_.step(me_.node);
    if (me_.how.starts == manner::start::dies) {
      quit(caf::sec::cannot_open_port);
      return {};
    }
    if (!me_.reports_ready || me_.how.starts == manner::start::good)
      say_ready();
    else if (me_.how.starts == manner::start::late)
      delayed_send(this, me_.how.takes, ready_now{});
    return {
      [this](const job& x) { return on_job(x); },
      [this](const answer_now& x) { on_answer(x.which); },
      [this](ready_now) { say_ready(); },
      [this](const end_now& x) { quit(x.reason); },
      [this](const end_like& x) { end(x.how); },
    };
  }

  /// Takes no messages until it is freed.
  bool stuck_ = false;

  /// As its gate names it.
  std::optional<bulwark::pending_id> stuck_on_;

  /// A handler that does not come back, or does at last, as its supervisor
  /// sees it: an odd number stays, or an even one follows.
  void note_stuck(fact what) {
    note(what);
    auto& pulse = me_.control->pulse;
    auto stuck = what == fact::stuck;
    pulse.store(stuck ? (pulse.load() + 1) | 1 : pulse.load() + 1);
    me_.control->at_hand.set(stuck ? stuck_on_ : std::nullopt);
  }

private:
  void note(fact what) {
    stage_.book.add(
      {.what = what, .node = me_.node, .incarnation = me_.incarnation});
  }

  void note_job(fact what, const job& x) {
    stage_.book.add({.what = what,
                     .node = me_.node,
                     .incarnation = me_.incarnation,
                     .message = x.name,
                     .service = x.service,
                     .request = x.what.request,
                     .task = x.what});
    stage_.look_at_permits(x.service);
  }

  void say_ready() {
    stage_.step(me_.node);
    note(fact::ready);
    if (me_.reports_ready)
      bulwark::report_ready();
  }

  caf::result<caf::message> on_job(const job& x) {
    note_job(fact::handled, x);
    stage_.step(me_.node);
    switch (x.what.kind) {
    case work_kind::nothing:
      if (x.what.request)
        break;
      note_job(fact::done, x);
      return caf::message{};
    case work_kind::error:
      note_job(fact::done, x);
      return caf::make_error(caf::sec::invalid_argument, "no such thing");
    case work_kind::poison:
      throw std::runtime_error{"poison"};
    case work_kind::leave:
      quit();
      break;
    case work_kind::later:
    case work_kind::never:
    case work_kind::quit:
    case work_kind::hang:
      return keep(x);
    case work_kind::echo:
      break;
    }
    stage_.step(me_.node);
    note_job(fact::done, x);
    return caf::make_message(x);
  }

  caf::result<caf::message> keep(const job& x) {
    auto which = next_++;
    kept_.emplace(which, std::pair{x, make_response_promise()});
    if (x.what.kind == work_kind::later)
      delayed_send(this, x.what.takes, answer_now{which});
    else if (x.what.kind == work_kind::quit)
      quit(caf::sec::runtime_error);
    else if (x.what.kind == work_kind::hang && !stage_.calm) {
      stuck_ = true;
      stuck_on_ = me_.control->at_hand.get();
    }
    return caf::delegated<caf::message>{};
  }

  void on_answer(uint64_t which) {
    stage_.step(me_.node);
    auto& [what, promise] = kept_.at(which);
    note_job(fact::done, what);
    promise.deliver(what);
    kept_.erase(which);
  }

  void on_exit_message(caf::exit_msg& x) {
    note(fact::told_to_end);
    stage_.step(me_.node);
    if (me_.how.stops == manner::stop::prompt)
      quit(std::move(x.reason));
    else if (me_.how.stops == manner::stop::slow)
      delayed_send(this, me_.how.takes, end_now{std::move(x.reason)});
  }

  void end(ending how) {
    switch (how) {
    case ending::exception:
      throw std::runtime_error{"crash"};
    case ending::stop_rule:
      throw std::domain_error{"leave me down"};
    case ending::escalate_rule:
      throw std::range_error{"tell the parent"};
    case ending::error:
      return quit(caf::sec::runtime_error);
    case ending::shutdown:
      return quit(caf::exit_reason::user_shutdown);
    default:
      return quit();
    }
  }

  backstage& stage_;
  backstage::newborn me_;
  uint64_t next_ = 0;
  std::map<uint64_t, std::pair<job, caf::response_promise>> kept_;
};

/// A child that can get stuck in a handler. There are no threads here: while
/// it is stuck, its turns pass without anything being done in them.
class sticky : public bulwark::supervised<child> {
public:
  using bulwark::supervised<child>::supervised;

  sticky(caf::actor_config& config, bulwark::detail::replica_seat seat,
         backstage* stage)
    : supervised(config, std::move(seat), stage), stage_(*stage) {}

  caf::resumable::resume_result resume(caf::execution_unit* eu,
                                       size_t throughput) override {
    if (stuck_) {
      parked_ = true;
      return caf::resumable::awaiting_message;
    }
    auto result = supervised::resume(eu, throughput);
    if (stuck_ && result != caf::resumable::done) {
      noted_ = true;
      note_stuck(fact::stuck);
    }
    if (stuck_)
      stage_.stuck.emplace_back(
        [this, me = caf::strong_actor_ptr{ctrl()}] { free(); });
    return result;
  }

private:
  void free() {
    stuck_ = false;
    if (std::exchange(noted_, false))
      note_stuck(fact::unstuck);
    if (!std::exchange(parked_, false))
      return;
    caf::intrusive_ptr_add_ref(static_cast<caf::resumable*>(this));
    home_system().scheduler().enqueue(this);
  }

  backstage& stage_;
  bool parked_ = false;
  bool noted_ = false;
};

} // namespace

bulwark::replica_factory make_child_factory(backstage& stage) {
  return {[&stage](caf::execution_unit* eu, bulwark::detail::replica_seat seat,
                   bool) {
            caf::actor_config config{eu};
            auto handle =
              eu->system().spawn_class<sticky, caf::no_spawn_options>(
                config, std::move(seat), &stage);
            return caf::actor_cast<caf::strong_actor_ptr>(handle);
          },
          [](caf::actor_system&) { return std::set<std::string>{}; }};
}

} // namespace test::sim
