#pragma once

#include <bulwark/gate/detail/pending_word.hpp>

#include <atomic>
#include <cstdint>
#include <optional>

namespace bulwark {

/// Names the request that a replica handles, so that its gate knows which one
/// is to blame when the replica hangs: written by the replica with each
/// message, read when the replica is given up.
///
/// Safe to call from any thread; `set` from one.
class handled_request {
public:
  /// Nothing: it handles none, or something else.
  void set(std::optional<pending_id> what) noexcept {
    bits_.store(what ? first + what->value : none, std::memory_order_relaxed);
  }

  /// Returns whether its replica names what it handles at all.
  bool told() const noexcept { return load() != untold; }

  std::optional<pending_id> get() const noexcept {
    auto bits = load();
    if (bits < first)
      return std::nullopt;
    return pending_id{bits - first};
  }

private:
  static constexpr uint64_t untold = 0;
  static constexpr uint64_t none = 1;
  static constexpr uint64_t first = 2;

  uint64_t load() const noexcept {
    return bits_.load(std::memory_order_relaxed);
  }

  std::atomic<uint64_t> bits_{untold};
};

} // namespace bulwark
