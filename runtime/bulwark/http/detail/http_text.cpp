#include <bulwark/http/detail/http_text.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool is_token_character(char c) noexcept {
  auto letter = lower(c);
  return (letter >= 'a' && letter <= 'z') || is_digit(c)
         || std::string_view{"!#$%&'*+-.^_`|~"}.find(c)
              != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty()
         && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

bool is_value_character(char c) noexcept {
  auto code = static_cast<unsigned char>(c);
  return c == '\t' || (code >= 0x20 && code != 0x7F);
}

bool is_value(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), is_value_character);
}

bool is_field(std::string_view line) noexcept {
  auto colon = line.find(':');
  return colon != std::string_view::npos && is_token(line.substr(0, colon))
         && is_value(line.substr(colon + 1));
}

std::string_view take_line(std::string_view& text) noexcept {
  auto line = text.substr(0, text.find("\r\n"));
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

int hex_digit(char c) noexcept {
  auto letter = lower(c);
  if (is_digit(c))
    return c - '0';
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

bool same_word(std::string_view one, std::string_view other) noexcept {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view take_element(std::string_view& list) noexcept {
  auto first = list.substr(0, list.find(','));
  list.remove_prefix(std::min(list.size(), first.size() + 1));
  return trimmed(first);
}

bool lists(std::string_view list, std::string_view word) noexcept {
  while (!list.empty())
    if (same_word(take_element(list), word))
      return true;
  return false;
}

} // namespace bulwark::detail
