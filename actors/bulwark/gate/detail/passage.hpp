#pragma once

#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/call_record.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark::detail {

/// The word of an entry that waits, whatever its generation.
inline constexpr pending_word waiting_word{0, {}, pending_state::waiting};

/// What protections have said of when a message may go.
struct rate_turn {
  /// For whom; null: none was asked, or it has passed that on.
  const std::string* tenant = nullptr;

  /// When its turn is; in the past or unset: at once.
  time_point at = time_point::min();
};

/// What is known of a message that seeks its way.
struct passage {
  /// Its entry, which holds whom its answer goes to.
  pending_id id{};

  /// What its entry was before; nothing: not published yet.
  std::optional<pending_word> from;

  /// Other nodes are no way for it.
  bool local_only = false;

  /// Got a permit that has to be used or given back.
  bool granted = false;

  /// Waits with its permit: for a replica that is idle, or behind others.
  bool held = false;

  rate_turn turn{};

  /// Waits for that, or for others of its sender that do.
  bool early = false;
};

/// Returns where a message that comes in waits.
/// @pre what is noted of its call is the caller's own
inline call_priority rank_of(const element& what, const call_notes& noted) {
  if (is_urgent(what))
    return call_priority::critical;
  auto background =
    noted.kept && noted.kept->call.priority == call_priority::background;
  return background && !has_flag(what, keyed_bit) ? call_priority::background
                                                  : call_priority::normal;
}

/// What is known of a message that comes in.
struct entrance {
  /// Who gets the answer, under which id.
  caf::strong_actor_ptr reply_to;
  routing_id mid;

  time_point deadline{};

  /// Bits of the tracked id.
  uint64_t flags = 0;

  /// What the client said about it; null: nothing.
  const call_options* call = nullptr;

  /// The handler of another call's later attempt has made it.
  bool within_retry = false;
};

} // namespace bulwark::detail
