#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// Where an entry stands in the log of a replicated database; of a log, where
/// it ends.
///
/// Immutable after construction.
struct log_position {
  /// In which epoch the entry was written. 0: there is none yet.
  uint64_t epoch = 0;

  /// How many entries there are, this one included.
  uint64_t sequence = 0;

  /// Of this entry and, through its predecessor's, of all before it.
  uint64_t checksum = 0;

  friend bool operator==(const log_position&, const log_position&) = default;
};

/// Whether a log that ends at `a` holds what one that ends at `b` may lack: it
/// ends in a later epoch, or in the same one and is longer.
constexpr bool further(const log_position& a, const log_position& b) noexcept {
  return a.epoch != b.epoch ? a.epoch > b.epoch : a.sequence > b.sequence;
}

/// "17 of epoch 3".
std::string to_string(const log_position& where);

} // namespace bulwark
