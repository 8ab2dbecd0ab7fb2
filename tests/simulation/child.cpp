#include "simulation/child.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/replica/ready.hpp>

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
    auto& progress_counter = me_.control->progress_counter;
    auto stuck = what == fact::stuck;
    progress_counter.store(stuck ? (progress_counter.load() + 1) | 1
                                 : progress_counter.load() + 1);
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

  /// One more step, and one that is made for a message.
  void step(const job& x) {
    try {
      stage_.step(me_.node);
    } catch (...) {
      note_job(fact::raised, x);
      throw;
    }
  }

  /// The text tells of whom nobody else may hear.
  [[noreturn]] void raise(const job& x) {
    note_job(fact::raised, x);
    auto text = "because of " + to_string(x.name.whole()) + ';';
    if (x.what.survives)
      throw std::overflow_error{text};
    throw std::runtime_error{text};
  }

  caf::result<caf::message> on_job(const job& x) {
    note_job(fact::handled, x);
    step(x);
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
      raise(x);
    case work_kind::fall:
      make_response_promise();
      raise(x);
    case work_kind::leave:
      quit();
      break;
    case work_kind::later:
    case work_kind::never:
    case work_kind::quit:
    case work_kind::hang:
      return keep(x);
    case work_kind::hand_on:
      return hand_on(x);
    case work_kind::ask:
    case work_kind::trip:
      return ask(x);
    case work_kind::echo:
      break;
    }
    step(x);
    note_job(fact::done, x);
    return caf::make_message(x);
  }

  caf::result<caf::message> keep(const job& x) {
    auto which = keep_promise(x);
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

  uint64_t keep_promise(const job& x) {
    kept_.emplace(next_, std::pair{x, make_response_promise()});
    return next_++;
  }

  // -- with another service ---------------------------------------------------

  static entry line_of(fact what, const job& x) {
    return {.what = what,
            .message = x.name,
            .service = x.service,
            .request = true,
            .task = x.what};
  }

  /// What it asks another service for, as a client would.
  job part_of(const job& x) {
    job result{stage_.next_part(x.name), work_of_other(x.what), x.what.other};
    stage_.book.add(line_of(fact::asked, result));
    return result;
  }

  caf::result<caf::message> hand_on(const job& x) {
    auto part = part_of(x);
    auto& to = stage_.gates[part.service];
    auto call = call_of(part.what);
    if (call == bulwark::call_options{})
      delegate(to, part);
    else
      delegate(to, call, part);
    return caf::delegated<caf::message>{};
  }

  caf::result<caf::message> ask(const job& x) {
    auto which = keep_promise(x);
    auto part = part_of(x);
    auto& to = stage_.gates[part.service];
    auto call = call_of(part.what);
    auto asked = call == bulwark::call_options{}
                   ? request(to, caf::infinite, part)
                   : request(to, caf::infinite, call, part);
    auto line = line_of(fact::answered, part);
    asked.then(
      [=, this](const job&) {
        stage_.book.add(line);
        answer(which, caf::none);
      },
      [this, line, which](caf::error& err) mutable {
        line.refused = true;
        line.code = bulwark::code_of(err, bulwark::errc{});
        line.text = bulwark::describe(err);
        stage_.book.add(line);
        answer(which, std::move(err));
      });
    return caf::delegated<caf::message>{};
  }

  /// With what the other service gave, unless it throws now; then nobody has
  /// the promise any more.
  void answer(uint64_t which, caf::error err) {
    auto [what, promise] = std::move(kept_.at(which));
    kept_.erase(which);
    step(what);
    if (what.what.kind == work_kind::trip)
      raise(what);
    note_job(fact::done, what);
    if (err)
      promise.deliver(std::move(err));
    else
      promise.deliver(what);
  }

  void on_answer(uint64_t which) {
    // A message to itself: nobody knows what it belongs to.
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

  sticky(caf::actor_config& config,
         bulwark::detail::replica_lifecycle lifecycle, backstage* stage)
    : supervised(config, std::move(lifecycle), stage), stage_(*stage) {}

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
  return {[&stage](caf::execution_unit* eu,
                   bulwark::detail::replica_lifecycle lifecycle, bool) {
            caf::actor_config config{eu};
            auto handle =
              eu->system().spawn_class<sticky, caf::no_spawn_options>(
                config, std::move(lifecycle), &stage);
            return caf::actor_cast<caf::strong_actor_ptr>(handle);
          },
          [](caf::actor_system&) { return std::set<std::string>{}; }};
}

} // namespace test::sim
