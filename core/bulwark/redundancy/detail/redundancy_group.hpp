#pragma once

#include <bulwark/redundancy/group_health.hpp>
#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/redundancy/group_replica.hpp>
#include <bulwark/redundancy/redundancy_step.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bulwark {

/// The replicas of a service as a whole: who is active, who stands by, and who
/// takes over from whom.
///
///     healthy <-> degraded       failed --recovering--> recovering
///        '------------'--failed-->  ^------failed---------'
///        ^----------------healthy---'----------------------'
///
/// At most as many are active as were declared so, whatever happens: where one
/// is demanded there are never two. As long as fewer than `min_healthy` of them
/// are good, and a good standby is there, that one is promoted; where there is
/// no place, an active one that is not good makes it; one that is not good is
/// promoted when otherwise nobody were active. Nobody who is failed or
/// recovering is active. Only those that failed twice within `reset_after` are
/// promoted after the others.
///
/// Who comes back stands by, unless too few are good, or it was declared active
/// and nobody stands in for it. By `fail_back::preferred` it takes its place
/// back after `fail_back_after` of health, unless it failed twice.
///
/// Each function returns what is to be done, in order. Time does not go back
/// from call to call.
///
/// Confined to one thread.
class redundancy_group {
public:
  using steps = std::vector<redundancy_step>;

  /// All are healthy at first. @pre `validate` has no complaint
  redundancy_group(const std::vector<std::string>& active,
                   const std::vector<std::string>& standby,
                   const group_options& options, time_point now);

  /// It is down. Nothing where that is known.
  steps failed(size_t which, std::string reason, time_point now);

  /// It is being started. Nothing where it is not failed.
  void recovering(size_t which);

  /// It is up and well: after a failure, or not degraded any more.
  steps healthy(size_t which, time_point now);

  /// It works, but not well. Nothing where it is down.
  steps degraded(size_t which, std::string reason);

  /// It gets nothing for a while, or is used again.
  steps ejected(size_t which, bool is);

  /// Its work, as a share of what it can do.
  void load(size_t which, double share) { members_[which].load = share; }

  /// Does what is due; see `next`.
  steps wake(time_point now);

  /// When to call `wake`; the latest time there is: never.
  time_point next() const;

  const std::vector<group_replica>& members() const noexcept {
    return members_;
  }

  group_health health(bool panic = false) const {
    return health_of(members_, options_.min_healthy, panic);
  }

private:
  static constexpr size_t nobody = redundancy_step::nobody;

  size_t active() const noexcept;
  size_t good_active() const noexcept;
  bool flaps(const group_replica& which) const noexcept;
  bool waits_to_return(const group_replica& which) const noexcept;
  size_t best_standby() const noexcept;
  size_t worst_active() const noexcept;
  size_t stand_in() const noexcept;
  void resume(size_t which, steps& to_do);
  void fill(size_t gone, steps& to_do);
  void promote_last(size_t gone, steps& to_do);

  std::vector<group_replica> members_;
  group_options options_;
  size_t demanded_;
  bool exhausted_ = false;
};

} // namespace bulwark
