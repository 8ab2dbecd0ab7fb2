#pragma once

#include <bulwark/caf/detail/foreign_content.hpp>
#include <bulwark/calls/call_options.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>

namespace bulwark {

/// What one node's gate sends to another node's gate of the same service.
/// CAF's protocol has no room for headers, so the client's message travels
/// inside this one, as a request from the sending gate.
///
/// An envelope is served by the node that receives it or refused; it never
/// travels on, so that two gates cannot play ping-pong. A gate that closes
/// sends it back as the answer: its message was not handled, and the sending
/// gate asks another node.
struct envelope {
  /// Time until the client's deadline, in microseconds. Nodes have no common
  /// clock, so the time itself would mean nothing.
  int64_t remaining_us = 0;

  /// What the client said about its message.
  call_options call;

  /// The client, who stays the visible sender; null for anonymous sends.
  caf::strong_actor_ptr client;

  caf::message content;

  /// Why `content` could not be read here; empty: it was. Does not travel.
  caf::error unread = {};

  /// It is a later attempt of the client's call, or comes of one: calls that
  /// its handler makes are not tried again.
  bool later_attempt = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, envelope& x) {
  return f(caf::meta::type_name("bulwark::envelope"), x.remaining_us, x.call,
           x.client, x.later_attempt, x.content);
}

/// A content that this node cannot read is not the end of the envelope: the
/// gate has to tell its client.
inline caf::error inspect(caf::deserializer& source, envelope& x) {
  if (auto wrong = source(x.remaining_us, x.call, x.client, x.later_attempt))
    return wrong;
  return detail::read_content(source, x.content, x.unread);
}

} // namespace bulwark
