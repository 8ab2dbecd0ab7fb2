#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>

namespace bulwark {

namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool name_character(char c) {
  return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace

std::optional<std::string> validate_name(std::string_view what,
                                         std::string_view name) {
  auto well_formed = !name.empty() && name.size() <= 64 && letter(name.front())
                     && std::all_of(name.begin(), name.end(), name_character);
  if (well_formed)
    return std::nullopt;
  auto text = std::string{what};
  text += " is ";
  text += quoted(name.substr(0, 64));
  text += "; it must be 1 to 64 letters, digits, '_' and '-', a letter first";
  return text;
}

} // namespace bulwark
