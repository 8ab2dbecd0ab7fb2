#include <bulwark/cluster/detail/peer_lines.hpp>
#include <bulwark/text/validate_name.hpp>

#include <charconv>

namespace bulwark::detail {

namespace {

constexpr std::string_view peers_format = "bulwark peers 1";
constexpr std::string_view peers_end = "= ";

std::optional<std::string_view> peer_field(std::string_view& from, char end) {
  auto at = from.find(end);
  if (at == std::string_view::npos)
    return std::nullopt;
  auto result = from.substr(0, at);
  from.remove_prefix(at + 1);
  return result;
}

std::optional<int64_t> peer_number(std::string_view text) {
  int64_t result = 0;
  auto end = text.data() + text.size();
  auto [at, failure] = std::from_chars(text.data(), end, result);
  if (failure != std::errc{} || at != end || result < 0)
    return std::nullopt;
  return result;
}

/// Reads `NODE HOST:PORT SECONDS`.
std::optional<kept_peer> read_peer(std::string_view line) {
  auto node = peer_field(line, ' ');
  auto address = peer_field(line, ' ');
  auto seen = peer_number(line);
  if (!node || !address || address->empty() || !seen
      || validate_name("a node's name", *node))
    return std::nullopt;
  return kept_peer{std::string{*node}, std::string{*address}, *seen};
}

} // namespace

std::string peer_lines(const std::vector<kept_peer>& all) {
  std::string result{peers_format};
  result += '\n';
  for (const auto& each : all)
    result +=
      each.node + ' ' + each.address + ' ' + std::to_string(each.seen) + '\n';
  result += peers_end;
  return result + std::to_string(all.size()) + '\n';
}

std::optional<std::vector<kept_peer>> parse_peers(std::string_view text) {
  if (peer_field(text, '\n') != peers_format)
    return std::nullopt;
  std::vector<kept_peer> result;
  // At most one line more than there may be nodes.
  for (size_t i = 0; i <= kept_peers_max; ++i) {
    auto line = peer_field(text, '\n');
    if (!line)
      return std::nullopt;
    if (line->starts_with(peers_end)) {
      line->remove_prefix(peers_end.size());
      auto count = peer_number(*line);
      if (!count || static_cast<size_t>(*count) != result.size()
          || !text.empty())
        return std::nullopt;
      return result;
    }
    auto peer = read_peer(*line);
    if (!peer || result.size() == kept_peers_max)
      return std::nullopt;
    result.push_back(std::move(*peer));
  }
  return std::nullopt;
}

} // namespace bulwark::detail
