#pragma once

#include <bulwark/quota/cpu_quota_stats.hpp>
#include <bulwark/quota/detail/cpu_balance.hpp>
#include <bulwark/quota/detail/processor_share.hpp>
#include <bulwark/quota/detail/thread_clock.hpp>

#include <caf/fwd.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {
struct child_control;
} // namespace bulwark

namespace bulwark::detail {

/// One CPU quota, as its threads and its actor share it: the ledger behind a
/// lock, and where threads wait for their period.
///
/// Safe to call from any thread.
class cpu_quota_core {
public:
  /// One thread of the quota, made for it. It lies in a `cpu_meter`, guarded by
  /// the lock in here, and is known here between `enter` and `leave`.
  struct worker_record {
    std::string who;
    cpu_balance::worker number = 0;
    std::optional<thread_clock> clock;
    std::condition_variable woken;
    bool given_up = false;

    // Keeps to the quota's processors.
    bool confined = false;

    // Where the thread stands among those that want to run. Has a lock of its
    // own, for which nobody but the thread waits, because one that was put last
    // may not run for long once it has a lock.
    std::mutex place;
    bool at_work = false;
    bool last = false;
  };

  /// A handler that does not come back.
  struct overrun {
    std::string who;
    duration running_for{};
    duration used{};
    bool put_last = false;
  };

  struct sight {
    std::vector<overrun> overruns;

    /// Nobody was at work: no need to look again before `rouse` is called.
    bool idle = false;

    /// Otherwise, when to look again.
    duration again_in{};
  };

  cpu_quota_core(caf::actor_system& sys, std::string name,
                 const cpu_quota_options& options, duration look);

  const std::string& name() const noexcept { return name_; }

  const cpu_quota_options& options() const noexcept { return options_; }

  /// Whether threads that were put last can be put back, see
  /// `can_put_back`.
  bool undone() const noexcept { return undone_; }

  /// `rouse` is called, from any thread and without a lock, when somebody
  /// begins to work and nobody looks.
  void set_rouse(std::function<void()> rouse);

  /// The calling thread, which is that of `who`, begins to handle something,
  /// after it has waited for its turn. Returns true if it was told to end
  /// while the quota is used up: then it did not wait to the end.
  bool begin(worker_record& who, const child_control* told);

  /// The calling thread handles nothing.
  void end(worker_record& who);

  /// `who` was told to end: it looks at what it was told. If it was killed
  /// then what it still uses is not the quota's any more.
  void wake(worker_record& who, bool killed);

  /// The thread of `who` will not work any more. It must not have ended.
  void leave(worker_record& who);

  /// Reads the clocks of all that are at work.
  sight look();

  /// How long until the next look is due, after `rouse`.
  duration look_again_in();

  cpu_quota_stats stats();

private:
  void enter(worker_record& who);
  void leave_work(worker_record& who) const;
  void put_back(worker_record& who) const;
  void put_last(worker_record& who) const;

  /// Whether it would keep others from their processors: everybody, another
  /// quota, or who took the place of a killed one.
  bool in_the_way(const worker_record& who) const;

  time_point now() const;

  caf::actor_system& sys_;
  const std::string name_;
  const cpu_quota_options options_;
  const duration look_;
  const bool undone_;
  const processor_share processors_;

  std::mutex lock_;
  cpu_balance balance_;
  std::map<cpu_balance::worker, worker_record*> records_;
  std::function<void()> rouse_;
  bool watched_ = false;
};

} // namespace bulwark::detail
