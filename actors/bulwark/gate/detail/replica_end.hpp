#pragma once

#include <bulwark/gate/detail/pending_word.hpp>

#include <cstdint>
#include <optional>

namespace bulwark::detail {

/// What a gate is told of an incarnation that ends.
struct replica_end {
  enum class kind : uint8_t {
    /// It finishes what it has taken up, and ends then.
    retires,
    dies,
  };

  uint8_t index = 0;
  uint64_t incarnation = 0;
  kind how = kind::dies;

  /// The request that it ended on; nothing: none, or that is not known.
  std::optional<pending_id> blamed = {};

  /// It ended on a request, or on something else, and does not know which:
  /// where it had taken up only one, the gate blames that one.
  bool blames_the_only_one = false;

  /// No other incarnation follows.
  bool for_good = false;

  /// It ended with its node.
  bool node_lost = false;

  pending_owner owner() const noexcept {
    return {index, static_cast<uint16_t>(incarnation)};
  }
};

} // namespace bulwark::detail
