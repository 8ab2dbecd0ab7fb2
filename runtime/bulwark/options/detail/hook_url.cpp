#include <bulwark/options/detail/hook_url.hpp>

#include <algorithm>
#include <string_view>

namespace bulwark::detail {

std::optional<hook_url> parse_hook_url(const std::string& url) {
  constexpr std::string_view scheme = "http://";
  if (!url.starts_with(scheme))
    return std::nullopt;
  auto rest = url.substr(scheme.size());
  auto slash = rest.find('/');
  auto at = parse_host_port(rest.substr(0, slash));
  auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  if (!at || at->port == 0
      || !std::all_of(rest.begin(), rest.end(), is_visible))
    return std::nullopt;
  return hook_url{*at, slash == std::string::npos ? "/" : rest.substr(slash)};
}

std::optional<std::string> check_hook_url(const std::string& url) {
  if (parse_hook_url(url))
    return std::nullopt;
  return "it must be http://HOST:PORT/PATH, such as "
         "http://127.0.0.1:9093/alerts";
}

} // namespace bulwark::detail
