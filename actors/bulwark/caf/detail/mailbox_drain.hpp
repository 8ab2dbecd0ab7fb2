#pragma once

#include <bulwark/caf/detail/element_chain.hpp>

#include <caf/blocking_actor.hpp>
#include <caf/scheduled_actor.hpp>

#include <tuple>

namespace bulwark::detail {

template <class Queue>
void drain_queue(Queue& from, element_chain& to) {
  // `take_front` also returns what the actor skipped.
  while (auto what = from.take_front())
    to.push_back(std::move(what));
}

/// Takes everything out of an actor's mailbox, urgent messages first, in
/// order. Depends on the queues of CAF 0.17.
/// @pre called by the actor itself, and nobody is adding to the mailbox
inline element_chain drain_mailbox(caf::scheduled_actor& self) {
  element_chain result;
  if (self.mailbox().closed())
    return result;
  self.mailbox().fetch_more();
  drain_queue(self.get_urgent_queue(), result);
  drain_queue(self.get_normal_queue(), result);
  return result;
}

inline element_chain drain_mailbox(caf::blocking_actor& self) {
  using policy = caf::blocking_actor::mailbox_policy;
  element_chain result;
  if (self.mailbox().closed())
    return result;
  self.mailbox().fetch_more();
  auto& queues = self.mailbox().queue().queues();
  drain_queue(std::get<policy::urgent_queue_index>(queues), result);
  drain_queue(std::get<policy::normal_queue_index>(queues), result);
  return result;
}

/// Whether there is no message that the actor has not seen.
/// @pre called by the actor itself
inline bool nothing_waits(caf::blocking_actor& self) {
  return self.mailbox().empty();
}

} // namespace bulwark::detail
