#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/run_context.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_addr.hpp>
#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_control_block.hpp>

#include <utility>

// How our own actors send: to whatever handle they have, from any thread, and
// without an answer that would come back for nothing.
//
// What a function says is sent anonymously has no sender. They throw
// std::bad_alloc, and change nothing then.

namespace bulwark::detail {

/// Puts an element that was made before into an actor's mailbox.
/// @pre `to` is not null
inline void deliver(const caf::strong_actor_ptr& to, element_ptr what,
                    run_context on) {
  to->get()->enqueue(std::move(what), on);
}

/// Sends anonymously. Returns false if `to` is null.
template <class... Ts>
bool post(const caf::strong_actor_ptr& to, run_context on, Ts&&... content) {
  if (!to)
    return false;
  deliver(to, make_plain_element(std::forward<Ts>(content)...), on);
  return true;
}

/// The same to an actor that may be gone. Returns false if it is.
template <class... Ts>
bool post(const caf::weak_actor_ptr& to, run_context on, Ts&&... content) {
  return post(caf::actor_cast<caf::strong_actor_ptr>(to), on,
              std::forward<Ts>(content)...);
}

template <class... Ts>
bool post(const caf::actor_addr& to, run_context on, Ts&&... content) {
  return post(caf::actor_cast<caf::strong_actor_ptr>(to), on,
              std::forward<Ts>(content)...);
}

/// Sends in the name of `from`.
/// @pre `to` is not null
template <class... Ts>
void post_as(caf::strong_actor_ptr from, const caf::strong_actor_ptr& to,
             run_context on, Ts&&... content) {
  deliver(
    to, make_element(std::move(from), plain_id(), std::forward<Ts>(content)...),
    on);
}

/// Sends anonymously at `due`, or at once if that is over. Keeps `to` alive
/// until then, and cannot be taken back.
template <class... Ts>
void post_at(caf::actor_clock& clock, time_point due, caf::strong_actor_ptr to,
             Ts&&... content) {
  clock.schedule_message(due, std::move(to),
                         make_plain_element(std::forward<Ts>(content)...));
}

} // namespace bulwark::detail
