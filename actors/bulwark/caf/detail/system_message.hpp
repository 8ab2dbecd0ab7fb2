#pragma once

#include <bulwark/caf/detail/element.hpp>

#include <cstdint>
#include <typeinfo>

namespace bulwark::detail {

/// What CAF itself makes of a message by what it holds, before any handler
/// sees it. Anyone can send all of them.
enum class system_message : uint8_t {
  /// Nothing: it is the handlers'.
  none,
  /// Ends the actor.
  exit,
  /// Opens a stream.
  open_stream,
  /// Belongs to a stream that was opened.
  stream_traffic,
  /// Of an end, of a group or of a time: to be believed only by who asked.
  notice,
  error,
  /// Asks what the actor is.
  query,
};

system_message system_message_in(const content_view& content) noexcept;

/// Whether CAF takes the message for one of a stream, whatever it holds: by its
/// id, which a peer can choose.
inline bool has_stream_id(const element& what) noexcept {
  return what.mid.is_stream_message();
}

/// Returns the type of the first value if it is not one of CAF's own; null:
/// there is none, or it is.
inline const std::type_info* first_type(const content_view& content) noexcept {
  return content.size() == 0 ? nullptr : content.type(0).second;
}

} // namespace bulwark::detail
