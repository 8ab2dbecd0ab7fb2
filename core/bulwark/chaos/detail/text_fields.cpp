#include <bulwark/chaos/detail/text_fields.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <charconv>
#include <cmath>

namespace bulwark {

using option_checks::said;

namespace {

constexpr std::string_view blanks = " \t\r";

std::string named(std::string_view text) {
  return text.empty() ? "empty" : std::string{text};
}

template <class Number>
bool read_all(std::string_view text, Number& out) {
  Number result{};
  auto end = text.data() + text.size();
  auto [at, error] = std::from_chars(text.data(), end, result);
  if (error != std::errc{} || at != end)
    return false;
  out = result;
  return true;
}

} // namespace

std::string_view next_word(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  auto result = text.substr(0, text.find_first_of(blanks));
  text.remove_prefix(result.size());
  return result;
}

std::string_view trimmed(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::optional<std::string> read_number(std::string_view field,
                                       std::string_view text, double& out) {
  double result = 0;
  if (!read_all(text, result) || !std::isfinite(result))
    return said(field, named(text), "a number, such as 0.5");
  out = result;
  return std::nullopt;
}

std::optional<std::string> read_count(std::string_view field,
                                      std::string_view text, uint64_t& out) {
  if (!read_all(text, out))
    return said(field, named(text), "a whole number, such as 100");
  return std::nullopt;
}

std::optional<std::string> read_length(std::string_view field,
                                       std::string_view text, duration& out) {
  auto result = parse_duration(text);
  if (!result)
    return said(field, named(text),
                "a duration: " + std::string{duration_rule});
  out = *result;
  return std::nullopt;
}

} // namespace bulwark
