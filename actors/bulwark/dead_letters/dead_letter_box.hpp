#pragma once

#include <bulwark/calls/call_options.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <caf/message.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bulwark {

namespace detail {
class dead_letter_inbox;
} // namespace detail

/// A message that a gate or a pool gives up, with all that is needed to send
/// it again.
struct lost_message {
  std::string service;

  /// Who gets it then.
  caf::weak_actor_ptr gate;
  caf::strong_actor_ptr sender;
  caf::message content;
  call_options call = {};
  std::string reason = {};

  /// It may be sent again. Else it is put down without its content.
  bool repeatable = true;
};

/// Hands dead letters to the keeper of this node. Copies hand them to the same
/// one; one made by default, and one whose keeper is gone, swallow them.
///
/// Never waits: while `waiting_max` letters wait to be put down, further ones
/// are only counted.
///
/// Safe to call from any thread.
class dead_letter_box {
public:
  static constexpr size_t waiting_max = 1000;

  dead_letter_box() noexcept = default;

  explicit dead_letter_box(
    std::shared_ptr<detail::dead_letter_inbox> inbox) noexcept;

  /// Returns whether anybody keeps letters.
  explicit operator bool() const noexcept { return inbox_ != nullptr; }

  /// Returns the number of the letter, or 0 when it is not kept.
  uint64_t put(lost_message what) const noexcept;

  /// Returns how full the keeper is, by letters or by bytes, in percent: at
  /// 100 the oldest letters make room.
  double used_percent() const noexcept;

private:
  std::shared_ptr<detail::dead_letter_inbox> inbox_;
};

/// What the keeper of dead letters is made with.
///
/// Immutable after construction.
struct dead_letter_options {
  /// The oldest ones make room beyond this many, and beyond this many bytes of
  /// messages. One that is larger by itself is put down without its message.
  size_t letters_max = 1000;
  size_t bytes_max = size_t{16} * 1024 * 1024;

  /// Wall-clock time. Called from any thread. Must be set.
  std::function<wall_time()> now;

  /// For what the keeper itself has to tell.
  emitter events;
};

/// A running keeper and the way into it. Nothing that arrives as a message can
/// end it, but for `stop`.
struct dead_letter_actor {
  caf::actor handle;
  dead_letter_box box;
};

/// Starts the actor that keeps the dead letters of a node. It answers what is
/// in `dead_letter.hpp`.
dead_letter_actor keep_dead_letters(caf::actor_system& sys,
                                    dead_letter_options options);

} // namespace bulwark
