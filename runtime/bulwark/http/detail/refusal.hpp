#pragma once

namespace bulwark::detail {

/// What a client is told whose request cannot be read; its connection ends
/// with that.
///
/// Immutable after construction.
struct refusal {
  int status = 0;
  const char* text = "";
};

} // namespace bulwark::detail
