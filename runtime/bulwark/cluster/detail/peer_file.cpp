#include <bulwark/cluster/detail/peer_file.hpp>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

namespace bulwark::detail {

namespace {

/// Far more than `kept_peers_max` lines have.
constexpr size_t peer_bytes_max = 200'000;

std::string peer_failure(const std::string& what,
                         const std::filesystem::path& path) {
  return what + " " + path.string() + ": "
         + std::generic_category().message(errno);
}

} // namespace

std::vector<kept_peer> peer_file::read(std::string& complaint) const {
  std::error_code failure;
  if (!std::filesystem::exists(path_, failure))
    return {};
  std::ifstream file{path_, std::ios::binary};
  std::string text(peer_bytes_max, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  auto result = parse_peers(text);
  if (result)
    return *std::move(result);
  complaint = "the nodes that are kept in " + path_.string()
              + " cannot be read; those of --join tell of them again";
  return {};
}

std::string peer_file::save(const std::vector<kept_peer>& all) const {
  std::error_code failure;
  std::filesystem::create_directories(path_.parent_path(), failure);
  auto fresh = path_;
  fresh += ".new";
  {
    std::ofstream file{fresh, std::ios::binary | std::ios::trunc};
    file << peer_lines(all);
    file.close();
    if (!file)
      return peer_failure("cannot write", fresh);
  }
  if (std::rename(fresh.c_str(), path_.c_str()) != 0)
    return peer_failure("cannot replace", path_);
  return {};
}

} // namespace bulwark::detail
