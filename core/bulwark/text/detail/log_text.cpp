#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>
#include <cstdint>

namespace bulwark {

namespace {

struct character {
  uint32_t code = 0;
  size_t bytes = 0; // 0: not UTF-8
};

size_t sequence_length(unsigned char first) {
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first < 0xE0)
    return 2;
  if (first >= 0xE0 && first < 0xF0)
    return 3;
  if (first >= 0xF0 && first < 0xF5)
    return 4;
  return 0;
}

/// Overlong forms, surrogates and numbers beyond Unicode's last.
bool forbidden(uint32_t code, size_t length) {
  return (length == 3 && code < 0x800) || (length == 4 && code < 0x10000)
         || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF;
}

/// @pre `text` is not empty
character decode(std::string_view text) {
  auto first = static_cast<unsigned char>(text.front());
  auto length = sequence_length(first);
  if (length <= 1)
    return {first, length};
  if (text.size() < length)
    return {first, 0};
  uint32_t code = first & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0u) != 0x80u)
      return {first, 0};
    code = (code << 6) | (next & 0x3Fu);
  }
  if (forbidden(code, length))
    return {first, 0};
  return {code, length};
}

/// Whether a viewer might take it as the end of a line, as a command to the
/// terminal, or as a change of the reading direction, or show nothing for it.
bool deceptive(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C
         || (code >= 0x200B && code <= 0x200F)
         || (code >= 0x2028 && code <= 0x202E)
         || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

std::string hex(uint32_t value, size_t digits_min) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  while (value != 0 || result.size() < digits_min) {
    result += digits[value & 0xFu];
    value >>= 4;
  }
  std::reverse(result.begin(), result.end());
  return result;
}

void append_escaped(std::string& out, uint32_t code) {
  switch (code) {
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    out += code < 0x100 ? "\\x" + hex(code, 2) : "\\u{" + hex(code, 4) + "}";
  }
}

/// Escapes what is deceptive or not UTF-8; a backslash before `marked`.
std::string escaped(std::string_view value, std::string_view marked) {
  std::string result;
  while (!value.empty()) {
    auto next = decode(value);
    if (next.bytes == 0) {
      result += "\\x" + hex(next.code, 2);
    } else if (deceptive(next.code)) {
      append_escaped(result, next.code);
    } else {
      if (marked.find(value.front()) != std::string_view::npos)
        result += '\\';
      result += value.substr(0, next.bytes);
    }
    value.remove_prefix(std::max<size_t>(next.bytes, 1));
  }
  return result;
}

bool plain(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '=';
  });
}

bool key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

} // namespace

std::string quoted(std::string_view value) {
  return '"' + escaped(value, "\"\\") + '"';
}

std::string one_line(std::string_view text) {
  return escaped(text, "");
}

std::string log_value(std::string_view value) {
  return plain(value) ? std::string{value} : quoted(value);
}

std::string plain_json(std::string_view json) {
  std::string result;
  while (!json.empty()) {
    auto next = decode(json);
    // All that is deceptive has four digits; below DEL, JSON escapes itself.
    if (next.bytes > 0 && next.code >= 0x7F && deceptive(next.code))
      result += "\\u" + hex(next.code, 4);
    else
      result += json.substr(0, std::max<size_t>(next.bytes, 1));
    json.remove_prefix(std::max<size_t>(next.bytes, 1));
  }
  return result;
}

std::string json_text(std::string_view text) {
  std::string result{'"'};
  while (!text.empty()) {
    auto next = decode(text);
    if (next.bytes == 0)
      result += "\xEF\xBF\xBD";
    else if (deceptive(next.code))
      result += "\\u" + hex(next.code, 4);
    else if (next.code == '"' || next.code == '\\')
      (result += '\\') += text.front();
    else
      result += text.substr(0, next.bytes);
    text.remove_prefix(std::max<size_t>(next.bytes, 1));
  }
  result += '"';
  return result;
}

std::string log_key(std::string_view key) {
  std::string result{key.empty() ? "_" : key};
  std::replace_if(
    result.begin(), result.end(), [](char c) { return !key_character(c); },
    '_');
  return result;
}

void cut_text(std::string& text, size_t bytes_max) {
  if (text.size() <= bytes_max)
    return;
  auto size = bytes_max;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
    --size;
  text.resize(size);
}

} // namespace bulwark
