#pragma once

#include "peers/otp/cases.hpp"
#include "support/deterministic_system.hpp"

#include <bulwark/events/event.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/supervisor/child_spec.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace test::otp {

/// Our side of one case: supervisors as its tree has them, workers that end
/// when they are told to, and what all of them did.
///
/// Confined to one thread.
class fixture {
public:
  explicit fixture(const peer_case& item);

  /// Starts the tree.
  void start();

  /// The worker ends like that, now. Returns false when it does not run.
  bool end(const std::string& worker, exit_class how);

  /// A worker was told to end by its supervisor.
  void stopped(const std::string& worker);

  /// A worker has ended; unless that is known, it was killed.
  void gone(const std::string& worker, const caf::abstract_actor* who);

  /// The worker does not end when it is told to. Returns false when it does
  /// not run.
  bool make_deaf(const std::string& worker);

  bool was_up(const std::string& worker) const {
    return ever_up_.count(worker) != 0;
  }
  bool runs(const std::string& worker) const {
    auto it = running_.find(worker);
    return it != running_.end() && it->second.up;
  }

  void fail_start(const std::string& worker, uint32_t times) {
    failing_[worker] += times;
  }

  void ignore_start(const std::string& worker, uint32_t times) {
    ignoring_[worker] += times;
  }

  void set_trap(const action& trap) { traps_.push_back(trap); }

  /// The spec of a worker that is started at run time.
  bulwark::child_spec worker(const node& what);

  /// Returns the supervisor of that name, while it runs.
  caf::actor supervisor(const std::string& id) const;

  /// Lets everything happen that follows.
  void settle();

  void stop_root();
  bool root_ended() const { return root_ended_; }

  void note(const std::string& line) { history_.push_back(line); }

  /// Returns what happened since the last call, reports last; without the
  /// reports that the start of `by_hand` failed.
  std::vector<std::string> take_history(const std::string& by_hand = {});

  deterministic_system rig;

private:
  struct running {
    caf::strong_actor_ptr handle;
    bool up = false;
  };

  bulwark::supervisor_settings settings(const node& what,
                                        const std::string& path);
  bulwark::child_spec nested(const node& what, const std::string& path);
  bulwark::child_spec instance_template(const node& what);
  void spring_traps(const std::string& started);
  void came_up(const caf::strong_actor_ptr& handle);
  void changed_supervisor(const std::string& id,
                          const bulwark::child_change& change);

  void report(const bulwark::event& what);

  const peer_case& case_;
  bulwark::running_monitor monitor_;
  std::map<std::string, node> specs_;
  std::map<std::string, running> running_;
  std::set<std::string> ever_up_;
  std::map<std::string, uint32_t> failing_;
  std::map<std::string, uint32_t> ignoring_;
  std::vector<action> traps_;
  std::vector<std::string> history_;
  std::vector<std::string> reports_;
  caf::actor root_;
  bool root_up_ = false;
  bool root_ended_ = false;
};

} // namespace test::otp
