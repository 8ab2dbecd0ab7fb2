#pragma once

#include <bulwark/caf/sent_wall_time.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// A message that was sent, not requested, and that nobody will handle: its
/// service crashed on it, returned an error for it, or could not be reached
/// in time; or the same of a thread pool.
///
/// Immutable after construction.
struct dead_letter {
  /// Counts up from 1; the event `dead_letter` has it as `letter`.
  uint64_t id = 0;

  /// The service, or thread pool, it was sent to.
  std::string service;

  /// The actor that sent it, in CAF's words; empty for an anonymous one.
  std::string sender;

  /// The types of its values, separated by commas.
  std::string type;

  /// In bytes, as CAF's serialiser would count them.
  uint64_t size = 0;

  /// Its values in words, at most `text_max` bytes.
  std::string text;

  /// What became of it.
  std::string reason;

  wall_time at{};

  /// The message itself is there, to be sent again. Not when it was too large,
  /// and never a `pool_task`: its work runs once, and may hold what others wait
  /// for.
  bool kept = false;

  static constexpr size_t text_max = 256;

  friend bool operator==(const dead_letter&, const dead_letter&) = default;
};

/// To the keeper of the dead letters, answered with `dead_letter_list`: the
/// oldest `max` that come after letter `after`, of one service or of all.
struct dead_letters_request {
  std::string service;
  uint64_t after = 0;
  uint64_t max = 100;
};

/// Oldest first.
struct dead_letter_list {
  std::vector<dead_letter> letters;

  /// All that are kept now, and all that were and had to make room, or came
  /// faster than they could be put down.
  uint64_t kept = 0;
  uint64_t forgotten = 0;
};

// From the same process only, and answered with `caf::unit` or with
// `not_found`, which changes nothing:

/// Sends a letter to its service again, in the name of who sent it first. It
/// is a dead letter no more; should it fail again, it becomes another one.
struct resend_dead_letter {
  uint64_t id = 0;
};

/// Forgets a letter.
struct discard_dead_letter {
  uint64_t id = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dead_letter& x) {
  sent_wall_time at{x.at};
  return f(caf::meta::type_name("bulwark.dead_letter"), x.id, x.service,
           x.sender, x.type, x.size, x.text, x.reason, at, x.kept);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dead_letters_request& x) {
  return f(caf::meta::type_name("bulwark.dead_letters_request"), x.service,
           x.after, x.max);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dead_letter_list& x) {
  return f(caf::meta::type_name("bulwark.dead_letter_list"), x.letters, x.kept,
           x.forgotten);
}

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::resend_dead_letter)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::discard_dead_letter)
