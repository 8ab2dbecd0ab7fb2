#pragma once

#include <bulwark/http/detail/chunk_reader.hpp>
#include <bulwark/http/detail/request_head.hpp>
#include <bulwark/http/message.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Reads the requests of one connection, one after the other, out of bytes
/// that come in any pieces: how they are cut changes nothing. It is written
/// for RFC 9112 and refuses whatever another reader might take for something
/// else; see `parse_request_head` and `chunk_reader`. Nothing is read behind
/// a refusal, because nobody knows where the next request begins.
///
/// Confined to one thread.
class request_reader {
public:
  /// @param header_max bytes of the request line and all header fields;
  ///        beyond: 414 if the request line did not end within, else 431
  /// @param body_max bytes of the body; beyond: 413
  request_reader(size_t header_max, size_t body_max)
    : header_max_(header_max), body_max_(body_max) {}

  /// Reads on, and returns how many of `bytes` it used: all of them, unless a
  /// request is complete or was refused.
  /// @pre neither has happened since the last `reset`
  size_t read(std::string_view bytes);

  /// Whether any byte of a request has come.
  bool started() const noexcept { return !header_.empty(); }

  bool complete() const noexcept { return state_ == state::complete; }

  /// Nothing unless the request was refused.
  const std::optional<refusal>& refused() const noexcept { return refused_; }

  /// Whether the client waits for `100 Continue`, and sent nothing of the body.
  bool awaits_continue() const noexcept;

  /// What is known of the request: all of it once its header is complete.
  const request_head& head() const noexcept { return head_; }

  /// Moves the request out.
  /// @pre complete()
  http_request take();

  /// Gets ready for the next request.
  void reset();

private:
  enum class state { header, sized_body, chunked_body, complete };

  size_t read_header(std::string_view bytes);
  size_t read_sized_body(std::string_view bytes);
  size_t read_chunked_body(std::string_view bytes);
  void add_to_header(char c);
  void end_header();
  void refuse(refusal why) { refused_ = why; }

  size_t header_max_;
  size_t body_max_;
  state state_ = state::header;
  std::string header_;
  bool blank_line_skipped_ = false;
  request_head head_;
  std::string body_;
  std::optional<chunk_reader> chunks_;
  bool body_begun_ = false;
  std::optional<refusal> refused_;
};

} // namespace bulwark::detail
