#pragma once

#include "support/deterministic_system.hpp"

#include <bulwark/events/monitor.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/all.hpp>

#include <map>
#include <string>
#include <vector>

namespace test {

/// To a puppet: end with this reason.
struct end_with {
  caf::error reason;
};

/// To a puppet: throw std::runtime_error with this text.
struct throw_this {
  std::string text;
};

/// A message that nobody knows.
struct unheard_of {
  int number = 0;
};

} // namespace test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::end_with)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::throw_this)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::unheard_of)

namespace test {

/// How a puppet behaves.
struct puppet_plan {
  /// The start function throws.
  bool start_throws = false;

  /// The start function says that it is not wanted.
  bool not_wanted = false;

  /// It ends with this before it is up.
  caf::error dies_before_up;

  /// Ignores `user_shutdown`.
  bool stubborn = false;

  /// Ignores even `kill`.
  bool deaf = false;

  /// Takes this long to end after `user_shutdown`.
  bulwark::duration stops_after{0};
};

/// A deterministic system with a monitor, whose events are recorded, and
/// children that do as they are told.
///
/// Confined to one thread.
class supervision_fixture {
public:
  /// `beat`: of its monitor; 0: none, so that it tells no alerts.
  explicit supervision_fixture(bulwark::duration beat = {});
  supervision_fixture(const supervision_fixture&) = delete;
  supervision_fixture& operator=(const supervision_fixture&) = delete;

  /// Stops all supervisors, then the monitor.
  ~supervision_fixture();

  /// Returns the spec of a worker that follows `plan(id)`.
  bulwark::child_spec puppet(std::string id,
                             bulwark::restart_options restart = {});

  /// The plan for the next incarnations of child `id`.
  puppet_plan& plan(const std::string& id) { return plans_[id]; }

  /// Returns settings with path `/root/s`, the emitter and `children`.
  bulwark::supervisor_settings
  settings(std::vector<bulwark::child_spec> children);

  /// Starts a supervisor that is stopped at the end of the test, and runs.
  caf::actor spawn(bulwark::supervisor_settings settings);

  /// Ends the current incarnation of child `id`, and runs.
  void end(const std::string& id, caf::error reason);
  void crash(const std::string& id, const std::string& text = "boom");

  void stop(const caf::actor& who);

  /// Returns the current or last incarnation of child `id`.
  caf::actor current(const std::string& id) {
    return caf::actor_cast<caf::actor>(handles_[id]);
  }

  /// Returns how a supervisor sees its child `id`.
  bulwark::child_info info(const caf::actor& supervisor, const std::string& id);
  bulwark::child_counts counts(const caf::actor& supervisor) {
    return ask<bulwark::child_counts>(supervisor,
                                      bulwark::child_counts_request{});
  }
  bulwark::child_state state(const caf::actor& supervisor,
                             const std::string& id);

  /// Asks `who`, runs, and returns the answer. Throws if it is an error.
  template <class Answer, class Question>
  Answer ask(const caf::actor& who, Question question) {
    caf::scoped_actor self{rig.system()};
    auto asked = self->request(who, caf::infinite, std::move(question));
    rig.run();
    Answer result;
    asked.receive(
      [&](Answer& x) { result = std::move(x); },
      [&](caf::error& x) { throw std::runtime_error{rig.system().render(x)}; });
    return result;
  }

  /// Returns whether `who` has ended, and with what.
  bool ended(const caf::actor& who, caf::error* reason = nullptr);

  /// Returns the recorded events of this kind, oldest first.
  std::vector<bulwark::event> all(bulwark::event_kind kind) const;

  /// Returns the kinds of all recorded events of `component`, as text.
  std::string history(const std::string& component) const;

  // First, so that no handle outlives it.
  deterministic_system rig;
  std::vector<bulwark::event> events;

  /// "start a", "stop a", "end a" in the order they happened.
  std::vector<std::string> steps;

  bulwark::running_monitor monitor;

private:
  friend class puppet_actor;

  std::vector<caf::actor> supervisors_;
  std::map<std::string, puppet_plan> plans_;
  std::map<std::string, caf::strong_actor_ptr> handles_;
};

/// Returns the value of `key` in the metadata of `what`, or "".
std::string metadata_of(const bulwark::event& what, const std::string& key);

} // namespace test
