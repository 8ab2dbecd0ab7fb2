#pragma once

#include <bulwark/time/time.hpp>

#include <chrono>

namespace bulwark {

/// How long a role is lent, and how often its holder says that it is there.
/// The same on all nodes.
///
/// Immutable after construction.
struct lease_times {
  duration lease = std::chrono::seconds{6};
  duration renew = std::chrono::seconds{2};

  /// The holder stops after this share of a lease, counted from before it
  /// asked. Two clocks, each up to 10 % wrong, allow 0.9 / 1.1 = 0.818.
  double held_share = 0.8;

  /// What is not answered is sent again after this.
  duration resend = std::chrono::milliseconds{250};

  /// The same parts of another lease.
  static constexpr lease_times of(duration length) noexcept {
    return {length, length / 3, 0.8, length / 24};
  }

  /// Shorter ones are lost to a busy processor, longer ones to nobody's
  /// patience.
  static constexpr duration lease_min = std::chrono::seconds{1};
  static constexpr duration lease_max = std::chrono::minutes{10};
};

} // namespace bulwark
