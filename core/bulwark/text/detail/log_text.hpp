#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bulwark {

/// Returns `value` as it stands behind `key=` in a log line: as it is, or in
/// quotes when it is empty or holds anything that would end or forge a value:
/// spaces, quotes, `=`, control characters. Inside the quotes `"` and `\` are
/// escaped by `\`, control characters are `\n`, `\r`, `\t` or `\xHH`, bytes
/// that are not UTF-8 `\xHH`, and characters that break a line or turn the
/// reading direction `\u{HHHH}`. The result is printable UTF-8 on one line.
std::string log_value(std::string_view value);

/// As `log_value`, always in quotes.
std::string quoted(std::string_view value);

/// Returns `text` with the escapes of `quoted`, but neither in quotes nor with
/// escaped quotes and backslashes: for people, on one line.
std::string one_line(std::string_view text);

/// Returns JSON text with the characters above ASCII's printable ones that
/// `log_value` escapes written as `\\uHHHH`. It means the same as before.
/// @pre `json` is UTF-8
std::string plain_json(std::string_view json);

/// Returns `text` as a string of JSON, in quotes and in UTF-8: bytes that are
/// not UTF-8 become U+FFFD, and the characters that `log_value` escapes are
/// written as `\\uHHHH`.
std::string json_text(std::string_view text);

/// Returns `key` with everything but letters, digits, `_`, `.` and `-`
/// replaced by `_`; an empty one becomes `_`.
std::string log_key(std::string_view key);

/// Cuts `text` to at most `bytes_max` bytes, never within a UTF-8 character.
void cut_text(std::string& text, size_t bytes_max);

} // namespace bulwark
