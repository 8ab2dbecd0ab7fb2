#include <bulwark/gate/detail/gate_core.hpp>

#include <algorithm>
#include <set>

// Turns by the rate of a bulkhead. Whoever waits for one is an entry of the
// pending table and stands in the stash, like all that waits at a gate.

namespace bulwark::detail {

time_point gate_core::next_turn() const noexcept {
  return rate_ ? rate_->next_turn() : time_point::max();
}

bool gate_core::comes_early(const element& what, const passage& way) {
  if (way.turn.at == time_point::min() && !rate_->anyone_waits())
    return false;
  std::lock_guard guard{lock_};
  return rate_->early(way, what, rank_of(what, pending_.beside(way.id)));
}

/// From its turn on a message waits for its permit as if it came only then.
/// Where no replica is up that begins when one is.
void gate_core::take_turns() {
  if (!rate_)
    return;
  auto now = rate_->now();
  if (!rate_->look(now) || open_replicas_ == 0)
    return;
  std::set<uint64_t> keys;
  stash_.take_if([&](const element& what, bool) {
    auto id = *tracked_id(what);
    auto key = keys_.key_of(id);
    bool behind = key && !keys.insert(*key).second;
    if (rate_->may_pass(id, now))
      let_pass(id, behind || !lane_open(what, id, true));
    return stash::choice::leave;
  });
}

/// `behind`: its key is not free, and it lines up for a permit when that is.
void gate_core::let_pass(pending_id id, bool behind) {
  if (!behind) {
    auto wait = duration::zero();
    switch (permits_->stand_in_line(request_for(id), false)) {
    case permit_table::answer::full:
    case permit_table::answer::isolated:
      return rate_->turn_away(id);
    case permit_table::answer::granted:
      wait = options_.timeout;
      break;
    case permit_table::answer::waits:
      wait = permits_->wait_max();
      break;
    }
    expire_within(id, wait);
  }
  rate_->pass(id);
}

/// Of one that waits for its turn: whether it waits for a replica only, and may
/// go to that slot. While a replica is up here turns end in `take_turns`.
bool gate_core::turn_ends(pending_id id, uint8_t index, time_point now) {
  if (open_replicas_ > 0 || !rate_->may_pass(id, now))
    return false;
  // On its way to another node it is in no line in which others are behind it.
  if (slot_bank::is_local({index, 0}))
    rate_->pass(id);
  return true;
}

void gate_core::turn_used(pending_id id) {
  std::lock_guard guard{lock_};
  rate_->begun(id);
}

} // namespace bulwark::detail
