#pragma once

#include <bulwark/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace bulwark {

/// Remembers which deadline a service's own requests inherited, so that the
/// handler of the response inherits it again.
///
/// Holds `capacity` requests in a direct-mapped table that is allocated with
/// the first one; with more than that in flight, the older of two that share
/// a place is forgotten and its response handler gets a fresh deadline.
///
/// Confined to one actor.
class deadline_memory {
public:
  static constexpr size_t capacity = 512;

  /// @pre `request != 0`
  void remember(uint64_t request, time_point deadline) {
    if (!places_)
      places_ = std::make_unique<std::array<place, capacity>>();
    (*places_)[request % capacity] = {request, deadline};
  }

  std::optional<time_point> recall(uint64_t request) const noexcept {
    if (!places_)
      return std::nullopt;
    auto& it = (*places_)[request % capacity];
    if (it.request != request)
      return std::nullopt;
    return it.deadline;
  }

private:
  struct place {
    uint64_t request = 0;
    time_point deadline{};
  };

  std::unique_ptr<std::array<place, capacity>> places_;
};

} // namespace bulwark
