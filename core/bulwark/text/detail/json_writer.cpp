#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace bulwark {

void json_writer::separate() {
  if (!first_)
    text_ += ',';
  first_ = false;
}

json_writer& json_writer::begin(char bracket) {
  separate();
  text_ += bracket;
  first_ = true;
  return *this;
}

json_writer& json_writer::end(char bracket) {
  text_ += bracket;
  first_ = false;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  separate();
  text_ += json_text(name);
  text_ += ':';
  first_ = true;
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  return raw(json_text(text));
}

json_writer& json_writer::value(double number) {
  if (!std::isfinite(number))
    return null();
  std::array<char, 32> digits{};
  auto end =
    std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return raw({digits.data(), static_cast<size_t>(end - digits.data())});
}

json_writer& json_writer::value(uint64_t number) {
  return raw(std::to_string(number));
}

json_writer& json_writer::value(bool yes) {
  return raw(yes ? "true" : "false");
}

json_writer& json_writer::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

} // namespace bulwark
