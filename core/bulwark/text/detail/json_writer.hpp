#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bulwark {

/// Writes JSON text without spaces: the same calls give the same bytes
/// everywhere. A number is the shortest that reads back as the same value;
/// what is not finite is `null`. Texts are written as by `json_text`.
///
/// Confined to one actor.
class json_writer {
public:
  /// @pre calls nest properly, and each value in an object follows its `key`
  json_writer& begin_object() { return begin('{'); }
  json_writer& end_object() { return end('}'); }
  json_writer& begin_array() { return begin('['); }
  json_writer& end_array() { return end(']'); }

  json_writer& key(std::string_view name);
  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view{text}); }
  json_writer& value(double number);
  json_writer& value(uint64_t number);
  json_writer& value(bool yes);
  json_writer& null() { return raw("null"); }

  /// Writes a value that is JSON already.
  json_writer& raw(std::string_view json);

  /// Writes a key and its value.
  template <class T>
  json_writer& pair(std::string_view name, const T& what) {
    return key(name).value(what);
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
  json_writer& begin(char bracket);
  json_writer& end(char bracket);
  void separate();

  std::string text_;
  bool first_ = true;
};

} // namespace bulwark
