#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark::detail {

/// Another node, as it is kept on the disk.
///
/// Immutable after construction.
struct kept_peer {
  std::string node;

  /// `HOST:PORT`.
  std::string address;

  /// Seconds since 1970 when it was last connected; 0: it was connected when
  /// this was written.
  int64_t seen = 0;

  friend bool operator==(const kept_peer&, const kept_peer&) = default;
};

/// Most that are read.
inline constexpr size_t kept_peers_max = 256;

/// Returns nodes as lines that can be kept: one each, between a first line that
/// names the format and a last one that tells a whole text from a part.
[[nodiscard]] std::string peer_lines(const std::vector<kept_peer>& all);

/// The inverse. Nothing: it is no such text, or not all of it.
[[nodiscard]] std::optional<std::vector<kept_peer>>
parse_peers(std::string_view text);

} // namespace bulwark::detail
