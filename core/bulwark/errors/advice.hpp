#pragma once

#include <bulwark/errors/errc.hpp>

#include <cstdint>
#include <string>

namespace bulwark {

/// Whether a replica may have worked on a request that was answered so.
enum class was_handled : uint8_t { no, maybe, in_part };

/// Whether to send it again; where it may have been handled, only if that is
/// idempotent.
enum class try_again : uint8_t { no, later, at_once };

/// What a client needs to know of an error.
///
/// Immutable after construction.
struct advice {
  was_handled handled = was_handled::maybe;
  try_again again = try_again::no;

  friend bool operator==(const advice&, const advice&) = default;
};

/// Returns what docs/errors.md says of `code`; of an unknown one the default.
[[nodiscard]] advice advice_for(errc code) noexcept;

/// Returns it in words: "it was not handled; try again later".
std::string to_text(const advice& what);

} // namespace bulwark
