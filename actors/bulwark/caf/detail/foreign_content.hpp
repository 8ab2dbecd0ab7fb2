#pragma once

#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <cstddef>
#include <optional>
#include <string>

// What gates send each other between nodes. CAF 0.17 delivers a message whose
// type either node does not know as an empty one, and tells nobody.

namespace bulwark::detail {

/// Reads `content`, the last field of what was sent. Always succeeds, so that
/// the fields before it arrive: what went wrong is in `unread`, and `content`
/// is empty then. Never throws, because that would end the process.
caf::error read_content(caf::deserializer& source, caf::message& content,
                        caf::error& unread) noexcept;

/// Messages in messages in messages are looked at down to this depth.
constexpr size_t nesting_max = 8;

/// Returns the first type in `content` that is not registered on this node, as
/// one writes it in C++; nothing: it can travel.
std::optional<std::string>
unregistered_type(const caf::type_erased_tuple& content,
                  const caf::actor_system& sys, size_t depth = 0);

/// Returns whether every node knows all types of `content`, whatever its
/// programs have registered.
bool is_built_in(const caf::type_erased_tuple& content) noexcept;

/// Who could not write or read what.
enum class travel_failure {
  /// A message, on the node of its client.
  message_written,
  /// A message, on the node of the service.
  message_read,
  /// An answer, on the node of the service.
  answer_written,
  /// An answer, on the node of its client.
  answer_read,
};

/// What a client is told, and an event.
struct travel_complaint {
  /// Empty: no single type is to blame.
  std::string type;
  std::string text;
};

travel_complaint complain_unregistered(travel_failure where, std::string type);

/// Of an error that `read_content` gave.
travel_complaint complain_unread(travel_failure where,
                                 const caf::error& unread);

} // namespace bulwark::detail
