#pragma once

#include <bulwark/http/client.hpp>
#include <bulwark/http/detail/blocking_socket.hpp>

namespace bulwark::detail {

/// Reads answers off a connection, one after the other.
///
/// Confined to one thread.
class reply_reader {
public:
  explicit reply_reader(blocking_socket& from) : from_(from) {}

  /// Returns the next answer; `to_head` if it is one to HEAD, which has no
  /// body. At most 16 interim answers are skipped before it.
  /// @throws http_error
  http_reply next(time_point deadline, bool to_head = false);

  /// Whether the last answer ended with the connection or announced its end.
  bool at_end() const noexcept { return at_end_; }

private:
  bool fill(time_point deadline);
  std::string take_header(time_point deadline);
  void take_body(http_reply& reply, time_point deadline);

  blocking_socket& from_;
  std::string ahead_;
  bool at_end_ = false;
};

/// Returns status and fields of a header without its final empty line.
/// @throws http_error
http_reply parse_reply_header(std::string_view header);

} // namespace bulwark::detail
