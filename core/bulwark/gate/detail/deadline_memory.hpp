#pragma once

#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace bulwark {

/// Remembers for which request a service made its own requests, and which
/// deadline they inherited, so that the handler of the response inherits it
/// again, and fails the request that it belongs to.
///
/// Holds `capacity` requests in a direct-mapped table that is allocated with
/// the first one; with more than that in flight, the older of two that share
/// a place is forgotten: its response handler gets a fresh deadline, and it is
/// not known what it belongs to.
///
/// Confined to one actor.
class deadline_memory {
public:
  static constexpr size_t capacity = 512;

  /// What the request was made for, as its gate names it.
  struct origin {
    time_point deadline{};
    pending_id request{};

    friend bool operator==(const origin&, const origin&) = default;
  };

  /// @pre `request != 0`
  void remember(uint64_t request, const origin& from) {
    if (!places_)
      places_ = std::make_unique<std::array<place, capacity>>();
    (*places_)[request % capacity] = {request, from};
  }

  std::optional<origin> recall(uint64_t request) const noexcept {
    if (!places_)
      return std::nullopt;
    auto& it = (*places_)[request % capacity];
    if (it.request != request)
      return std::nullopt;
    return it.from;
  }

private:
  struct place {
    uint64_t request = 0;
    origin from;
  };

  std::unique_ptr<std::array<place, capacity>> places_;
};

} // namespace bulwark
