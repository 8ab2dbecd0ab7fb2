#pragma once

#include <string_view>

namespace bulwark::detail {

// The words that HTTP's fields are made of (RFC 9110, 5.6).

/// Whether `c` may stand in a method or in the name of a field.
bool is_token_character(char c) noexcept;

/// Whether `text` is one or more such characters.
bool is_token(std::string_view text) noexcept;

/// Whether `text` is one or more decimal digits.
bool is_number(std::string_view text) noexcept;

/// Whether `c` may stand in the value of a field: anything but control
/// characters, of which it may be the tabulator.
bool is_value_character(char c) noexcept;

/// Whether all of `text` may stand in the value of a field.
bool is_value(std::string_view text) noexcept;

/// Whether `line` is a field's name, a colon and its value.
bool is_field(std::string_view line) noexcept;

/// Cuts the first line off and returns it, without its end.
std::string_view take_line(std::string_view& text) noexcept;

/// Returns the digit's number, or -1 when `c` is no hexadecimal digit.
int hex_digit(char c) noexcept;

/// Returns `text` without spaces and tabulators around it.
std::string_view trimmed(std::string_view text) noexcept;

/// Whether the two differ at most in upper and lower case of ASCII letters.
bool same_word(std::string_view one, std::string_view other) noexcept;

/// Cuts the first element off a list with commas and returns it, trimmed.
std::string_view take_element(std::string_view& list) noexcept;

/// Whether `word` is an element of a list with commas.
bool lists(std::string_view list, std::string_view word) noexcept;

} // namespace bulwark::detail
