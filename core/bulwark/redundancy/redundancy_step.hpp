#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace bulwark {

/// What a redundancy group decides, in the order in which it is to be done.
enum class redundancy_step_kind : uint8_t {
  /// It failed and gets nothing any more.
  replica_failed,
  /// What it had to do is the others' now.
  load_redistributed,
  /// A standby is active, `instead_of` another one.
  standby_promoted,
  /// An active member stands by, because a better one is active.
  stood_down,
  /// A member that was declared active is it again; nobody stood in for it.
  resumed,
  /// The same, `instead_of` its stand-in, which stands by.
  failed_back,
  /// Fewer are healthy and active than demanded, and no standby is left.
  group_exhausted,
};

/// Returns the name of `kind` as written above.
std::string to_string(redundancy_step_kind kind);

/// One of them.
struct redundancy_step {
  static constexpr size_t nobody = std::numeric_limits<size_t>::max();

  redundancy_step_kind kind = redundancy_step_kind::replica_failed;

  /// Whom it is about; nobody: the group as a whole.
  size_t member = nobody;
  size_t instead_of = nobody;

  /// Of `load_redistributed`.
  double load = 0;

  friend bool operator==(const redundancy_step&,
                         const redundancy_step&) = default;
};

} // namespace bulwark
