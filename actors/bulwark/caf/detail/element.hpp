#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/error.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/message_id.hpp>
#include <caf/message_priority.hpp>
#include <caf/type_erased_tuple.hpp>
#include <caf/type_nr.hpp>

#include <cstdint>
#include <utility>

namespace bulwark::detail {

/// A message with all that belongs to it in a mailbox: its sender, its id, and
/// the route of its answer (reply_route.hpp). Outside of this folder it is read
/// and made by functions only.
///
/// Confined to one thread at a time.
using element = caf::mailbox_element;
using element_ptr = caf::mailbox_element_ptr;

/// The values in a message, without their types.
using content_view = caf::type_erased_tuple;

// -- ids ----------------------------------------------------------------------

/// Says of a message whether it is a request, a response, or neither, which
/// response belongs to which request, and whether it is urgent.
using routing_id = caf::message_id;

/// Returns the id of what is sent without asking for an answer.
inline routing_id plain_id(bool urgent = false) {
  return caf::make_message_id(urgent ? caf::message_priority::high
                                     : caf::message_priority::normal);
}

/// Returns the id of a request of whoever makes no other one.
inline routing_id lone_request_id() noexcept {
  return routing_id{1}.with_category(caf::message_id::normal_message_category);
}

inline bool is_request(routing_id id) noexcept {
  return id.is_request();
}

inline bool is_response(routing_id id) noexcept {
  return id.is_response();
}

/// Returns the same number for a request and its response.
inline uint64_t request_number(routing_id id) noexcept {
  return id.request_id().integer_value();
}

inline routing_id as_normal(routing_id id) noexcept {
  return id.with_category(caf::message_id::normal_message_category);
}

inline routing_id as_urgent(routing_id id) noexcept {
  return id.with_category(caf::message_id::urgent_message_category);
}

// -- looking at an element ----------------------------------------------------

inline routing_id id_of(const element& what) noexcept {
  return what.mid;
}

inline bool is_request(const element& what) noexcept {
  return what.mid.is_request();
}

inline bool is_response(const element& what) noexcept {
  return what.mid.is_response();
}

inline bool is_urgent(const element& what) noexcept {
  return what.is_high_priority();
}

/// Null for what was sent anonymously.
inline const caf::strong_actor_ptr& sender_of(const element& what) noexcept {
  return what.sender;
}

inline content_view& content_of(element& what) noexcept {
  return what.content();
}

inline const content_view& content_of(const element& what) noexcept {
  return what.content();
}

/// Whether it is one error: by CAF's number for that type, which takes a tenth
/// of `match_elements`, of which a gate would need several for each answer.
inline bool is_error(const content_view& content) noexcept {
  return content.type_token() == caf::make_type_token<caf::error>();
}

inline bool is_error(const element& what) noexcept {
  return is_error(content_of(what));
}

// -- making and changing one --------------------------------------------------

template <class... Ts>
element_ptr make_element(caf::strong_actor_ptr from, routing_id id,
                         Ts&&... content) {
  return caf::make_mailbox_element(std::move(from), id, {},
                                   std::forward<Ts>(content)...);
}

/// For what is sent anonymously, without asking for an answer.
template <class... Ts>
element_ptr make_plain_element(Ts&&... content) {
  return make_element(nullptr, plain_id(), std::forward<Ts>(content)...);
}

inline void set_id(element& what, routing_id id) noexcept {
  what.mid = id;
}

inline caf::strong_actor_ptr take_sender(element& what) noexcept {
  return std::move(what.sender);
}

/// Makes a shared message of the content, which runs the code of the types in
/// it, and may throw what that throws.
inline caf::message take_content(element& what) {
  return what.move_content_to_message();
}

inline caf::message copy_content(const element& what) {
  return what.copy_content_to_message();
}

/// Replaces the content and nothing else. Changes nothing when it throws.
inline void replace_content(element_ptr& what, caf::message content) {
  auto result =
    caf::make_mailbox_element(nullptr, what->mid, {}, std::move(content));
  result->sender = std::move(what->sender);
  result->stages = std::move(what->stages);
  what = std::move(result);
}

} // namespace bulwark::detail
