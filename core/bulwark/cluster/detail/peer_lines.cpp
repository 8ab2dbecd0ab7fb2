#include <bulwark/cluster/detail/line_fields.hpp>
#include <bulwark/cluster/detail/peer_lines.hpp>
#include <bulwark/text/validate_name.hpp>

namespace bulwark::detail {

namespace {

constexpr std::string_view peers_format = "bulwark peers 1";
constexpr std::string_view peers_end = "= ";

std::optional<int64_t> peer_number(std::string_view text) {
  auto result = number_in<int64_t>(text);
  return result && *result < 0 ? std::nullopt : result;
}

/// Reads `NODE HOST:PORT SECONDS`.
std::optional<kept_peer> read_peer(std::string_view line) {
  auto node = take_until(line, ' ');
  auto address = take_until(line, ' ');
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
  if (take_until(text, '\n') != peers_format)
    return std::nullopt;
  std::vector<kept_peer> result;
  // At most one line more than there may be nodes.
  for (size_t i = 0; i <= kept_peers_max; ++i) {
    auto line = take_until(text, '\n');
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
