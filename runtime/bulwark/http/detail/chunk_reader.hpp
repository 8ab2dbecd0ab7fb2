#pragma once

#include <bulwark/http/detail/refusal.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Reads one body that comes in chunks (RFC 9112, 7.1), strictly: a size is
/// 1 to 16 hexadecimal digits, lines end with CR LF, extensions and trailers
/// have the form that is written there. Extensions are dropped and so are
/// trailers; one that says how long a message is, or for which host, is
/// refused.
///
/// Confined to one thread.
class chunk_reader {
public:
  /// @param body_max bytes of all chunks; beyond: 413
  /// @param extra_max bytes of all extensions and trailers; beyond: 431
  chunk_reader(size_t body_max, size_t extra_max)
    : body_left_(body_max), extra_left_(extra_max) {}

  /// Reads on, appends to `body`, and returns how many of `bytes` it used:
  /// all of them, unless the body ended or was refused.
  /// @pre neither has happened before
  size_t read(std::string_view bytes, std::string& body);

  bool complete() const noexcept { return state_ == state::end; }

  /// Nothing unless the body was refused.
  const std::optional<refusal>& refused() const noexcept { return refused_; }

private:
  enum class state { size, extension, data, after_data, trailer, end };

  void read_byte(char c);
  void read_size(char c);
  void read_line(char c);
  void read_line_end(char c);
  void end_line();
  void begin_chunk();
  void refuse(int status, const char* text) { refused_ = {status, text}; }

  state state_ = state::size;
  uint64_t size_ = 0;
  unsigned digits_ = 0;

  /// An extension or a trailer, as far as it came.
  std::string line_;
  bool after_cr_ = false;

  size_t body_left_;
  size_t extra_left_;
  std::optional<refusal> refused_;
};

} // namespace bulwark::detail
