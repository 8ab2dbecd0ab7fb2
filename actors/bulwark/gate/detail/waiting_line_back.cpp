#include <bulwark/gate/detail/waiting_line.hpp>

#include <algorithm>

// Who comes back from a replica or a node that did not come to it.

namespace bulwark::detail {

bool waiting_line::wait_again(replica_end& end, element_chain waiting,
                              int64_t latest, element_chain& gone) {
  auto owner = end.owner();
  pending_word from{0, owner, pending_state::active};
  element_chain kept;
  lock_guard guard{lock_};
  while (auto what = waiting.pop_front()) {
    auto id = tracked_id(*what);
    // A copy waits for no other replica than that which it was made for.
    if (!id || !requests_.live(*id) || requests_.is_copy(*id)) {
      gone.push_back(std::move(what));
      continue;
    }
    auto expires = std::min(requests_.deadline(*id), latest);
    if (!requests_.restamp(*id, from, waiting_word, expires)) {
      gone.push_back(std::move(what));
      continue;
    }
    take_back(*id, owner);
    if (has_flag(*what, keyed_bit))
      keys_.back(*id);
    kept.push_back(std::move(what));
  }
  // What the dead one was at is older than what it had not come to.
  if (end.blames_the_only_one)
    end.blamed = requests_.only_one_of(owner);
  if (end.how == replica_end::kind::dies)
    kept.prepend(reclaim(end, latest));
  stash_.give_back(std::move(kept));
  return !stash_.empty();
}

/// Takes from a dead owner what it had taken up and may be tried again, in the
/// order in which it came.
element_chain waiting_line::reclaim(const replica_end& end, int64_t latest) {
  element_chain result;
  // A gate that has stopped gives its handles back, and takes none again: what
  // a crash puts back only now is answered with the others.
  if (!requests_.any_repeatable() || doors_.ended())
    return result;
  auto owner = end.owner();
  numbered_elements found;
  pending_word from{0, owner, pending_state::active};
  requests_.for_each([&](pending_id id, const pending_word& word, int64_t) {
    lock_.assert_held();
    if (word.owner != owner || word.state != pending_state::active)
      return;
    auto wanted = [&] {
      lock_.assert_held();
      return reclaim_one(id, end, found);
    };
    auto expires = std::min(requests_.deadline(id), latest);
    if (requests_.restamp_if(id, from, waiting_word, expires, wanted))
      take_back(id, owner);
  });
  std::sort(found.begin(), found.end(),
            [](auto& a, auto& b) { return a.first < b.first; });
  for (auto& each : found)
    result.push_back(std::move(each.second));
  return result;
}

/// Begins a further attempt, unless a protection refuses it.
/// @pre the entry is the caller's own
bool waiting_line::reclaim_one(pending_id id, const replica_end& end,
                               numbered_elements& found) {
  auto to_blame = end.blamed == id;
  if (!requests_.repeats(id, to_blame, options_))
    return false;
  auto& kept = *requests_.said(id).kept;
  protects_.ended(requests_, id, end.owner(), attempt_outcome::failed,
                  end.node_lost ? errc::unreachable
                  : to_blame    ? errc::service_crashed
                                : errc::replica_lost);
  kept.deaths.count(to_blame);
  try {
    if (!ask_again(id, end, to_blame))
      return false;
    found.emplace_back(kept.number, requests_.again(id));
    out_.set_out_again(*found.back().second);
  } catch (...) {
    turns_.left(id);
    return false; // Out of memory: answered with the others.
  }
  if (has_flag(kept.mid, keyed_bit))
    keys_.back(id);
  return true;
}

/// A repeat of what is to blame is a retry, where there are any. A bystander's
/// is not, and waits for nothing but a replica.
bool waiting_line::ask_again(pending_id id, const replica_end& end,
                             bool to_blame) {
  auto& kept = *requests_.said(id).kept;
  auto at = now();
  if (!to_blame || !retries_.may_retry(&kept))
    return protects_.ask_again(requests_, id, at);
  auto delay = retries_.backoff(kept, {}, at,
                                time_point{duration{requests_.deadline(id)}});
  if (!delay)
    return false;
  rate_turn turn;
  turn.at = at + *delay;
  if (!protects_.ask_again(requests_, id, at, &turn))
    return false;
  requests_.note_tried(id, end.owner());
  turns_.back_off(id, turn, kept.call.priority);
  ++kept.tries;
  return true;
}

/// What can fail comes first.
bool waiting_line::wait_to_retry(pending_id id,
                                 std::optional<pending_owner> from,
                                 element_ptr what, const rate_turn& turn) {
  lock_guard guard{lock_};
  if (doors_.ended())
    return false;
  auto& kept = *requests_.said(id).kept;
  turns_.back_off(id, turn, kept.call.priority);
  ++kept.tries;
  auto latest = (turn.at + options_.stash_wait).time_since_epoch().count();
  come_back(id, from, std::move(what), latest);
  return true;
}

/// One that its owner had waits again. @pre the entry is the caller's own
void waiting_line::come_back(pending_id id, std::optional<pending_owner> from,
                             element_ptr what, int64_t latest) {
  out_.set_out_again(*what);
  if (from)
    take_back(id, *from);
  if (has_flag(*what, keyed_bit))
    keys_.back(id);
  stash_.come_back(std::move(what));
  requests_.publish(id, {}, pending_state::waiting,
                    std::min(requests_.deadline(id), latest));
}

bool waiting_line::wait_for_others(pending_id id, pending_owner from,
                                   element_ptr what, int64_t latest) {
  lock_guard guard{lock_};
  if (doors_.ended())
    return false;
  doors_.drain(from, clock_.now() + options_.stash_wait);
  come_back(id, from, std::move(what), latest);
  return true;
}

} // namespace bulwark::detail
