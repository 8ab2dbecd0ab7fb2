#pragma once

#include <bulwark/time/time.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace bulwark {

/// What a gate may expect of other nodes while none of them offers its service.
///
/// Confined to one thread; a gate guards it with the lock of its line.
class expected_peers {
public:
  /// It is being found out who offers the service, until as many `told`.
  void ask() noexcept { ++asked_; }
  void told() noexcept { asked_ -= asked_ > 0; }

  /// A node that offered the service is lost, or drains: it may be back by
  /// then.
  void lost(time_point back_by) noexcept {
    back_by_ = std::max(back_by_, back_by);
  }

  /// Whether requests may wait for a node.
  bool may_come(time_point now) const noexcept {
    return asked_ > 0 || now < back_by_;
  }

  /// All nodes were asked, and none knows the service. `nearest` is a name that
  /// is known and much like it, or empty.
  void offered_nowhere(std::string nearest) { nearest_ = std::move(nearest); }

  /// Nothing: it may be known somewhere.
  const std::optional<std::string>& nowhere() const noexcept {
    return nearest_;
  }

private:
  size_t asked_ = 0;
  time_point back_by_ = time_point::min();
  std::optional<std::string> nearest_;
};

} // namespace bulwark
