#pragma once

#include <optional>
#include <string_view>

namespace bulwark::detail {

/// A request's target, without scheme and authority.
///
/// Immutable after construction.
struct request_target {
  std::string_view path = {};

  /// What follows the first '?'.
  std::string_view query = {};
};

/// Reads a target in one of the forms of RFC 9112, 3.2: a path with or
/// without a query, the same after `http://host` or `https://host`, or `*`
/// for OPTIONS. Returns nothing for any other, and for characters that RFC
/// 3986 wants to be percent-encoded.
std::optional<request_target> parse_target(std::string_view method,
                                           std::string_view target) noexcept;

/// Whether `text` is a host and perhaps a port, or empty.
bool is_authority(std::string_view text) noexcept;

} // namespace bulwark::detail
