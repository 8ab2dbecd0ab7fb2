#include <bulwark/http/detail/chunk_reader.hpp>
#include <bulwark/http/detail/http_text.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

constexpr unsigned digits_max = 16;

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool skip(std::string_view& text, char c) {
  if (!text.starts_with(c))
    return false;
  text.remove_prefix(1);
  return true;
}

bool skip_token(std::string_view& text) {
  auto end = std::find_if_not(text.begin(), text.end(), is_token_character);
  auto size = static_cast<size_t>(end - text.begin());
  text.remove_prefix(size);
  return size > 0;
}

/// @pre `text` is made of value characters
bool skip_quoted(std::string_view& text) {
  if (!skip(text, '"'))
    return false;
  while (!text.empty() && text.front() != '"')
    text.remove_prefix(text.front() == '\\' && text.size() > 1 ? 2 : 1);
  return skip(text, '"');
}

/// Whether `text` is what may stand between a chunk's size and its line's end.
bool is_extension(std::string_view text) {
  while (!text.empty()) {
    skip_blanks(text);
    if (!skip(text, ';'))
      return false;
    skip_blanks(text);
    if (!skip_token(text))
      return false;
    auto value = text;
    skip_blanks(value);
    if (!skip(value, '='))
      continue;
    skip_blanks(value);
    if (!skip_token(value) && !skip_quoted(value))
      return false;
    text = value;
  }
  return true;
}

/// Fields that say where a message ends or for whom it is: RFC 9110, 6.5.1.
bool is_barred_from_trailers(std::string_view line) {
  auto name = line.substr(0, line.find(':'));
  return same_word(name, "content-length")
         || same_word(name, "transfer-encoding") || same_word(name, "host");
}

} // namespace

size_t chunk_reader::read(std::string_view bytes, std::string& body) {
  size_t used = 0;
  while (used < bytes.size() && !complete() && !refused_) {
    if (state_ == state::data) {
      auto piece = bytes.substr(used, size_);
      body += piece;
      used += piece.size();
      size_ -= piece.size();
      if (size_ == 0)
        state_ = state::after_data;
    } else {
      read_byte(bytes[used++]);
    }
  }
  return used;
}

void chunk_reader::read_byte(char c) {
  if (after_cr_)
    read_line_end(c);
  else if (c == '\r')
    after_cr_ = true;
  else if (state_ == state::size)
    read_size(c);
  else if (state_ == state::after_data)
    refuse(400, "a chunk is longer than it says");
  else
    read_line(c);
}

void chunk_reader::read_size(char c) {
  auto digit = hex_digit(c);
  if (digit < 0) {
    state_ = state::extension;
    return read_line(c);
  }
  size_ = size_ * 16 + static_cast<uint64_t>(digit);
  if (++digits_ > digits_max)
    refuse(400, "the size of a chunk is not valid");
  else if (size_ > body_left_)
    refuse(413, "the body is too large");
}

void chunk_reader::read_line(char c) {
  if (!is_value_character(c))
    return refuse(400, "a chunk is not valid");
  if (extra_left_ == 0)
    return refuse(431, "the body's extensions and trailers are too large");
  --extra_left_;
  line_ += c;
}

void chunk_reader::read_line_end(char c) {
  after_cr_ = false;
  if (c != '\n')
    return refuse(400, "a line of the body does not end with CR LF");
  end_line();
  line_.clear();
}

void chunk_reader::end_line() {
  switch (state_) {
  case state::size:
  case state::extension:
    return begin_chunk();
  case state::after_data:
    state_ = state::size;
    return;
  default:
    if (line_.empty())
      state_ = state::end;
    else if (!is_field(line_) || is_barred_from_trailers(line_))
      refuse(400, "a trailer is not valid");
  }
}

void chunk_reader::begin_chunk() {
  if (digits_ == 0 || !is_extension(line_))
    return refuse(400, "the size of a chunk is not valid");
  digits_ = 0;
  body_left_ -= size_;
  state_ = size_ > 0 ? state::data : state::trailer;
}

} // namespace bulwark::detail
