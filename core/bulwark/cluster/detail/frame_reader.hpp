#pragma once

#include <bulwark/cluster/detail/frame_check.hpp>
#include <bulwark/cluster/detail/frame_header.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace bulwark::detail {

/// Puts frames together out of the bytes of a connection, and gives those that
/// may be taken. What is announced takes no memory before it is there, and what
/// is passed over never does.
///
/// Confined to one thread.
class frame_reader {
public:
  explicit frame_reader(frame_check check) : check_(std::move(check)) {}

  /// Takes bytes off the front of `bytes`. Returns whether a frame is whole
  /// now: then `head` and `payload` hold it until the next call. Else all
  /// bytes were taken, or the connection is to be closed: see `refusal`.
  bool read(std::string_view& bytes);

  /// Why the connection is to be closed, or null.
  const char* refusal() const noexcept { return refusal_; }

  const std::array<char, frame_header::size>& head() const { return head_; }
  std::vector<char>& payload() noexcept { return payload_; }

  const frame_check& check() const noexcept { return check_; }

private:
  enum class part { head, payload, passed_over };

  /// Looks at the header that is whole, or at the frame. Returns whether the
  /// frame is whole and may be taken.
  bool end_of_head();
  bool end_of_payload();
  void refuse(const frame_verdict& why) noexcept { refusal_ = why.reason; }
  void make_room(size_t more);

  frame_check check_;
  std::array<char, frame_header::size> head_{};
  frame_header header_;
  std::vector<char> payload_;
  part part_ = part::head;

  // Of the header what has come, of what follows what has not.
  size_t have_ = 0;
  size_t left_ = 0;
  const char* refusal_ = nullptr;
};

} // namespace bulwark::detail
