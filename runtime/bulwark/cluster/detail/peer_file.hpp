#pragma once

#include <bulwark/cluster/detail/peer_lines.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace bulwark::detail {

/// The file in which a node keeps which others it knows and where they are, so
/// that it finds them again whoever of them it was told to join. Written anew
/// and renamed, so that it is always a whole one. Losing it costs nothing that
/// others do not know.
///
/// Confined to one thread.
class peer_file {
public:
  explicit peer_file(std::filesystem::path path) : path_(std::move(path)) {}

  /// Returns what it holds; nothing if it is not there. `complaint` is set if
  /// it is there and cannot be read.
  std::vector<kept_peer> read(std::string& complaint) const;

  /// Replaces what it holds, and makes its folder. Returns "" or what went
  /// wrong.
  std::string save(const std::vector<kept_peer>& all) const;

private:
  std::filesystem::path path_;
};

} // namespace bulwark::detail
