#include <bulwark/gate/detail/waiting_line.hpp>

#include <set>

// Turns: whoever waits for one is an entry of the request table and stands in
// the stash, like all that waits at a gate.

namespace bulwark::detail {

/// From its turn on a message waits for its permit as if it came only then.
/// Where no replica is up that begins when one is; without permits, it goes.
void waiting_line::take_turns() {
  if (!protects_.delays())
    return;
  auto at = now();
  if (!turns_.look(at) || doors_.replicas_up() == 0 || !permits_)
    return;
  std::set<uint64_t> keys;
  stash_.take_if([&](const element& what, bool) {
    lock_.assert_held();
    auto id = *tracked_id(what);
    auto key = keys_.key_of(id);
    bool behind = key && !keys.insert(*key).second;
    if (turns_.may_pass(id, at))
      let_pass(id, behind || !way_open(what, id, true));
    return choice::leave;
  });
}

/// `behind`: its key is not free, and it lines up for a permit when that is.
void waiting_line::let_pass(pending_id id, bool behind) {
  if (!behind) {
    auto wait = duration::zero();
    switch (permits_->stand_in_line(request_for(id), false)) {
    case permit_table::answer::full:
    case permit_table::answer::isolated:
      return turns_.turn_away(id);
    case permit_table::answer::granted:
      wait = options_.timeout;
      break;
    case permit_table::answer::waits:
      wait = permits_->wait_max();
      break;
    }
    expire_within(id, wait);
  }
  turns_.pass(id);
}

/// Of one that waits for its turn: whether it waits for a replica only, and may
/// go to that slot. While a replica is up here turns end in `take_turns`.
bool waiting_line::turn_ends(pending_id id, uint8_t index, time_point at) {
  if (doors_.replicas_up() > 0 || !turns_.may_pass(id, at))
    return false;
  // On its way to another node it is in no line in which others are behind it.
  if (slot_bank::is_local({index, 0}))
    turns_.pass(id);
  return true;
}

} // namespace bulwark::detail
