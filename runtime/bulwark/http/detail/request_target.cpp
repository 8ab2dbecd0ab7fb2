#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/detail/request_target.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr auto none = std::string_view::npos;

bool is_any_of(char c, std::string_view those) {
  return those.find(c) != none;
}

/// `unreserved` and `sub-delims` of RFC 3986.
bool is_plain(char c) {
  auto letter = static_cast<char>(c | 0x20);
  return (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9')
         || is_any_of(c, "-._~!$&'()*+,;=");
}

/// Whether each character is plain, percent-encoded, or one of `more`.
bool is_made_of(std::string_view text, std::string_view more) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text[i]) || is_any_of(text[i], more))
      continue;
    if (text[i] != '%' || text.size() - i < 3 || hex_digit(text[i + 1]) < 0
        || hex_digit(text[i + 2]) < 0)
      return false;
    i += 2;
  }
  return true;
}

/// Cuts scheme and authority off; returns whether there were any, and valid.
bool take_origin(std::string_view& target) {
  auto scheme = target.substr(0, target.find("://"));
  if (!same_word(scheme, "http") && !same_word(scheme, "https"))
    return false;
  target.remove_prefix(std::min(target.size(), scheme.size() + 3));
  auto authority = target.substr(0, target.find_first_of("/?"));
  target.remove_prefix(authority.size());
  return !authority.empty() && authority.front() != ':'
         && is_authority(authority);
}

} // namespace

std::optional<request_target> parse_target(std::string_view method,
                                           std::string_view target) noexcept {
  if (target == "*")
    return method == "OPTIONS" ? std::optional{request_target{target, {}}}
                               : std::nullopt;
  if (!target.starts_with('/') && !take_origin(target))
    return std::nullopt;
  auto path = target.substr(0, target.find('?'));
  auto query = target.substr(std::min(target.size(), path.size() + 1));
  if (!is_made_of(path, ":@/") || !is_made_of(query, ":@/?"))
    return std::nullopt;
  return request_target{path.empty() ? "/" : path, query};
}

bool is_authority(std::string_view text) noexcept {
  auto host = text.substr(0, text.find(':'));
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == none || end == 1 || !is_made_of(text.substr(1, end - 1), ":"))
      return false;
    host = text.substr(0, end + 1);
  } else if (!is_made_of(host, "")) {
    return false;
  }
  auto port = text.substr(host.size());
  return port.empty() || port == ":"
         || (port.front() == ':' && is_number(port.substr(1)));
}

} // namespace bulwark::detail
