#pragma once

#include <bulwark/redundancy/detail/member_checks.hpp>
#include <bulwark/redundancy/detail/outlier_ejection.hpp>
#include <bulwark/redundancy/detail/redundancy_group.hpp>
#include <bulwark/redundancy/ejection_change.hpp>
#include <bulwark/redundancy/group_health.hpp>
#include <bulwark/redundancy/health_change.hpp>
#include <bulwark/redundancy/usage_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace bulwark {

/// Too few can be used: those that are ejected are used, too.
struct panic_step {
  size_t usable = 0;
  size_t ejected = 0;

  friend bool operator==(const panic_step&, const panic_step&) = default;
};

/// Fewer active members than `min_healthy` are up, or no more.
struct outage_step {
  bool over = false;

  /// How many active ones are up; after `member` failed.
  size_t up = 0;
  size_t member = redundancy_step::nobody;

  /// Of one that is over.
  duration length{};
  bool by_failover = false;

  friend bool operator==(const outage_step&, const outage_step&) = default;
};

using usage_step = std::variant<redundancy_step, ejection_change, panic_step,
                                outage_step, health_change>;

/// Which replicas of a service get requests: those that are up and active in
/// their group, less those that are ejected, unless it panics. Puts together
/// what `redundancy_group` and `outlier_ejection` decide: one that is ejected
/// is not good, so that a standby takes over for it.
///
/// Without standbys all that are up are active, and whoever starts them tells
/// what becomes of them: then there are no steps but of ejections.
///
/// One that does not answer probes is not good either, and gets nothing while
/// at least half of the active ones do: else the probes are to blame, not the
/// replicas. One that says itself that it is degraded goes on, unless a standby
/// takes over for it.
///
/// Members beyond those of the group, which scaling has added, get requests as
/// long as they are up, and do not count for its health.
///
/// A service whose active members are fewer than `min_healthy` is down. It is
/// up again when whoever asks has carried out what `used` says, and calls
/// `arranged`.
///
/// A member is known by its number and its incarnation: news of one that is
/// known to be gone change nothing. Time does not go back from call to call.
///
/// Confined to one thread.
class replica_usage {
public:
  using steps = std::vector<usage_step>;

  static constexpr size_t members_max = 64;

  /// `names`: of the members of the group, the active ones first.
  /// @pre `validate(options)` has no complaint
  replica_usage(const std::vector<std::string>& names,
                const usage_options& options, time_point now);

  // -- what happens -----------------------------------------------------------

  /// Is up. @pre member < members_max, as everywhere here
  steps up(size_t member, uint64_t incarnation, time_point now);

  /// Is not up any more, or did not come up. `load`: what it had to do.
  steps down(size_t member, uint64_t incarnation, const std::string& why,
             double load, time_point now);

  /// Is being started again.
  void starting(size_t member);

  /// It answered.
  steps answered(size_t member, const outlier_ejection::answer& how,
                 time_point now);

  /// It says that it is degraded, and why; or that it is not any more. May be
  /// said before it is up.
  steps declared(size_t member, uint64_t incarnation,
                 std::optional<std::string> reason, time_point now);

  /// How it took a probe. @pre there are probes
  steps probed(size_t member, uint64_t incarnation, bool good,
               const std::string& why, time_point now);

  /// Its work, as it says: a share of what it can do.
  void load(size_t member, uint64_t incarnation, double share);

  /// Does what is due; see `next`.
  steps wake(time_point now);

  /// `used` is carried out: exactly those members get requests.
  steps arranged(time_point now);

  // -- how it stands ----------------------------------------------------------

  /// When to call `wake`; the latest time there is: never.
  time_point next() const;

  /// One bit for each member that is to get requests.
  uint64_t used() const;

  /// Whether the service is down.
  bool outage() const noexcept { return down_since_.has_value(); }

  group_health health() const;

  /// Those of the group.
  const std::vector<group_replica>& members() const noexcept {
    return group_.members();
  }

private:
  struct member_record {
    bool up = false;

    /// The newest incarnations that anything is known of, and that are gone.
    uint64_t newest = 0;
    uint64_t gone = 0;

    member_checks checks{};

    /// What the next incarnation has said while it started.
    uint64_t said_by = 0;
    std::optional<std::string> said{};
  };

  bool in_group(size_t member) const noexcept {
    return member < group_.members().size();
  }

  void add(steps& to, redundancy_group::steps what);
  void add(steps& to, const outlier_ejection::changes& what);
  void fail(size_t member, const std::string& why, steps& to, time_point now);
  void checked(size_t member, const member_checks& before, steps& to,
               time_point now);
  void replace_absent(steps& result, time_point now);
  void look_for_panic(steps& to);
  size_t serving(bool also_coming) const noexcept;
  uint64_t active() const noexcept;
  uint64_t without_silent(uint64_t active, uint64_t usable) const noexcept;
  bool ignores_probes() const;

  usage_options options_;
  redundancy_group group_;
  std::optional<outlier_ejection> ejection_;
  std::vector<member_record> members_;
  std::optional<time_point> down_since_;
  bool failover_ = false;
  bool panics_ = false;
};

} // namespace bulwark
