#include <bulwark/http/detail/http_text.hpp>
#include <bulwark/http/message.hpp>

#include <charconv>

namespace bulwark {

namespace {

std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    if (text.front() != '%') {
      result += text.front() == '+' ? ' ' : text.front();
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 3)
      return std::nullopt;
    unsigned code = 0;
    const auto* end = text.data() + 3;
    auto parsed = std::from_chars(text.data() + 1, end, code, 16);
    if (parsed.ptr != end)
      return std::nullopt;
    result += static_cast<char>(code);
    text.remove_prefix(3);
  }
  return result;
}

} // namespace

std::optional<std::string_view>
http_request::field(std::string_view name) const noexcept {
  for (const auto& [each, value] : fields)
    if (detail::same_word(each, name))
      return value;
  return std::nullopt;
}

std::string plain_error_body(int, std::string_view text, std::string_view) {
  return std::string{R"({"error":")"}.append(text).append("\"}");
}

std::optional<std::string> query_value(std::string_view query,
                                       std::string_view name) {
  while (!query.empty()) {
    auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    auto equals = pair.find('=');
    if (pair.substr(0, equals) != name)
      continue;
    return decoded(equals == std::string_view::npos ? std::string_view{}
                                                    : pair.substr(equals + 1));
  }
  return std::nullopt;
}

} // namespace bulwark
