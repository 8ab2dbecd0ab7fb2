#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/gate/detail/group_events.hpp>
#include <bulwark/gate/gate_group.hpp>
#include <bulwark/gate/protection.hpp>
#include <bulwark/redundancy/detail/replica_usage.hpp>
#include <bulwark/redundancy/group_health.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Which of a gate's replicas get requests, where not all that are up do.
///
/// A decision is made at once, and carried out and told of by the gate, in its
/// next turn: whoever may have caused one pokes it if `tell` says so. What a
/// gate without standbys and ejection asks costs a look at a constant.
///
/// Safe to call from any thread. While its lock is held no other one is taken
/// and no actor is entered; the line's lock may be held around `ended`.
class replica_group {
public:
  replica_group(caf::actor_system& sys, const std::string& service,
                const gate_group& settings, emitter events);

  /// Whether there is anything to decide.
  bool armed() const noexcept { return armed_; }

  /// Whether it has to be told how requests end.
  bool learns() const noexcept { return learns_; }

  /// Whether that replica is to get requests while it is up.
  bool uses(size_t replica) const noexcept {
    return !armed() || replica >= replica_usage::members_max
           || (used_.load() >> replica & 1) != 0;
  }

  // -- what happens -----------------------------------------------------------

  void starting(size_t replica) BULWARK_EXCLUDES(lock_);
  void up(size_t replica, uint64_t incarnation) BULWARK_EXCLUDES(lock_);

  /// It is about to end, and had so many requests.
  void ends(size_t replica, uint32_t in_flight) noexcept {
    had_[replica].store(in_flight, std::memory_order_relaxed);
  }
  void down(size_t replica, uint64_t incarnation, const caf::error& why)
    BULWARK_EXCLUDES(lock_);

  /// What a replica says of itself: that it is degraded, and why, or not any
  /// more; its work, as a share of what it can do. False: not armed.
  bool declared(size_t replica, uint64_t incarnation,
                std::optional<std::string> reason) BULWARK_EXCLUDES(lock_);
  bool load(size_t replica, uint64_t incarnation, double share)
    BULWARK_EXCLUDES(lock_);

  /// How it took a probe. @pre there are probes
  void probed(size_t replica, uint64_t incarnation, bool good,
              const std::string& why) BULWARK_EXCLUDES(lock_);

  /// A replica's attempt ended. @pre `how.how` is not `never_went`
  void ended(size_t replica, const attempt_end& how) noexcept
    BULWARK_EXCLUDES(lock_);

  /// Whether the gate is to be poked: something was decided.
  bool tell() noexcept { return armed_ && to_poke_.exchange(false); }

  // -- for the gate's own handlers --------------------------------------------

  /// Does what is due by time alone.
  void wake() BULWARK_EXCLUDES(lock_);

  /// When something is due next.
  time_point next() const BULWARK_EXCLUDES(lock_);

  /// Whether something was decided since this was asked last; then `used` is to
  /// be carried out.
  bool take_changed() noexcept { return to_arrange_.exchange(false); }

  /// One bit for each replica.
  uint64_t used() const noexcept { return used_.load(); }

  /// `used` is carried out: tells of all that was decided.
  void arranged() BULWARK_EXCLUDES(lock_);

  // -- from any thread --------------------------------------------------------

  /// Nothing where it is not armed.
  std::optional<group_health> health() const BULWARK_EXCLUDES(lock_);
  std::vector<group_replica> members() const BULWARK_EXCLUDES(lock_);

private:
  void note(const replica_usage::steps& what,
            failure_type why = failure_type::none) BULWARK_REQUIRES(lock_);
  time_point now() const;

  caf::actor_system& sys_;
  const emitter events_;
  const group_events words_;
  const bool armed_;
  const bool learns_;

  mutable mutex lock_;
  std::optional<replica_usage> usage_ BULWARK_GUARDED_BY(lock_);
  std::vector<event> untold_ BULWARK_GUARDED_BY(lock_);

  std::atomic<uint64_t> used_{0};
  std::atomic<bool> to_arrange_{false};
  std::atomic<bool> to_poke_{false};
  std::array<std::atomic<uint32_t>, replica_usage::members_max> had_{};
};

} // namespace bulwark::detail
