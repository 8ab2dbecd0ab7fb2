#include <bulwark/gate/detail/waiting_line.hpp>

#include <algorithm>

// Who of those that wait goes, and to whom.

namespace bulwark::detail {

bool waiting_line::fetch() {
  lock_guard guard{lock_};
  try {
    if (permits_)
      permits_->fetch();
    take_turns();
    return true;
  } catch (...) {
    return false;
  }
}

waiting_line::share waiting_line::take_for(uint8_t index,
                                           uint64_t incarnation) {
  auto& to = slots_[index];
  share result;
  lock_guard guard{lock_};
  result.done = to.closed_for(incarnation);
  if (result.done)
    return result;
  result.going = take_wanted(index, result.failed);
  result.done = result.going.empty() && result.failed.empty();
  if (result.done)
    doors_.open(to);
  return result;
}

waiting_line::share waiting_line::take_permitted() {
  share result;
  lock_guard guard{lock_};
  if (doors_.replicas_up() > 0)
    result.going = take_lined(result.failed);
  return result;
}

/// Returns whether a message may go to that slot, and binds its key.
bool waiting_line::may_go(const element& what, uint8_t index) {
  // What a peer sent never travels on.
  if (!slot_bank::is_local({index, 0}) && has_flag(what, from_peer_bit))
    return false;
  return !has_flag(what, keyed_bit) || keys_.go(*tracked_id(what), index);
}

/// Whether it was tried there before, and somebody is up who was not asked yet.
bool waiting_line::rather_elsewhere(const element& what, uint8_t index) const {
  auto id = *tracked_id(what);
  if (has_flag(what, keyed_bit) || !requests_.tried(id, index))
    return false;
  return slots_.any_open([&](size_t i) { return !requests_.tried(id, i); });
}

/// `at`: for one that has a key.
bool waiting_line::may_go_with_permit(const element& what, uint8_t index,
                                      permit_line::turn at) {
  auto id = *tracked_id(what);
  if (!slot_bank::is_local({index, 0})) {
    if (doors_.replicas_up() > 0 || !may_go(what, index))
      return false;
    permits_->left(id);
    return true;
  }
  if (!may_go(what, index))
    return false;
  if (!has_flag(what, keyed_bit))
    return permits_->may_go(request_for(id));
  if (permits_->may_go_in_turn(request_for(id), at))
    return true;
  keys_.back(id);
  return false;
}

element_chain waiting_line::take_wanted(uint8_t index, element_chain& failed) {
  if (permits_)
    return take_with_permit(index, failed);
  auto at = early_.anyone_waits() ? now() : time_point{};
  auto free = [&](const element& what, bool) {
    lock_.assert_held();
    auto id = *tracked_id(what);
    if (turns_.waits(id) && !turns_.may_pass(id, at))
      return choice::leave;
    if (rather_elsewhere(what, index) || !may_go(what, index))
      return choice::leave;
    if (turns_.waits(id))
      turns_.pass(id);
    return choice::take;
  };
  return stash_.take_if(free, &failed);
}

element_chain waiting_line::take_with_permit(uint8_t index,
                                             element_chain& failed) {
  // Behind the door of a replica that is up only what has a key is given to
  // that very one; the rest goes where there is least to do.
  bool any_of_them =
    !slot_bank::is_local({index, 0}) || !slots_[index].door.is_open();
  auto at = protects_.delays() ? now() : time_point{};
  passed_over before;
  auto with_permit = [&](const element& what, bool came_back) {
    lock_.assert_held();
    auto id = *tracked_id(what);
    if (turns_.waits(id) && !turn_ends(id, index, at)) {
      if (auto key = keys_.key_of(id))
        before.keys.emplace(*key);
      return choice::leave;
    }
    if (has_flag(what, keyed_bit))
      return may_go_in_order(what, index, came_back, before) ? choice::take
                                                             : choice::leave;
    // In line before the door opens, so that nothing passes it.
    auto one_each = slots_.idle_only() && slot_bank::is_local({index, 0});
    if (any_of_them && one_each)
      permits_->stand_in_line(request_for(id));
    if (any_of_them && !one_each)
      return may_go_with_permit(what, index, {}) ? choice::take : choice::leave;
    if (!keys_.empty() && permits_->knows(id))
      ++before.others[permits_->group_of(request_for(id))];
    return choice::leave;
  };
  return stash_.take_if(with_permit, &failed);
}

/// Neither before one of its key nor with the permit of one that waited longer.
bool waiting_line::may_go_in_order(const element& what, uint8_t index,
                                   bool came_back, passed_over& before) {
  auto id = *tracked_id(what);
  auto key = keys_.key_of(id);
  if (key && before.keys.count(*key) > 0)
    return false;
  auto others = before.others.find(permits_->group_of(request_for(id)));
  auto ahead = others != before.others.end() ? others->second : 0;
  if (may_go_with_permit(what, index, {ahead, came_back}))
    return true;
  if (key)
    before.keys.insert(*key);
  return false;
}

/// Stops looking when nothing can be found any more: with a long queue and one
/// permit at a time this is what keeps it from being quadratic.
element_chain waiting_line::take_lined(element_chain& failed) {
  auto others = permits_->lined_up() + turns_.waiting();
  auto fresh = stash_.size() - std::min(stash_.size(), others);
  auto idle = slots_.idle_only() ? slots_.idle() : stash_.size();
  auto wanted = [&](const element& what, bool) {
    lock_.assert_held();
    if (idle == 0 || (fresh == 0 && !permits_->any_granted()))
      return choice::stop;
    auto id = *tracked_id(what);
    if (turns_.waits(id))
      return choice::leave;
    fresh -= fresh > 0 && !permits_->knows(id) ? 1 : 0;
    if (has_flag(what, keyed_bit) || !permits_->may_go(request_for(id)))
      return choice::leave;
    --idle;
    return choice::take;
  };
  return stash_.take_if(wanted, &failed);
}

void waiting_line::confirm(routing_id mid, bool went) noexcept {
  lock_guard guard{lock_};
  auto id = *tracked_id(mid);
  if (has_flag(mid, keyed_bit))
    keys_.gone(id);
  if (permits_ && went)
    permits_->gone(id);
  else if (permits_)
    permits_->could_not_go(id);
}

void waiting_line::went_with_permit(pending_id id) noexcept {
  lock_guard guard{lock_};
  permits_->gone(id);
}

void waiting_line::use_turn(pending_id id) {
  lock_guard guard{lock_};
  turns_.begun(id);
}

bool waiting_line::give_back(element_chain what,
                             std::optional<pending_id> tried) {
  lock_guard guard{lock_};
  if (tried)
    permits_->gone(*tried);
  what.for_each([this](const element& each) {
    lock_.assert_held();
    auto id = *tracked_id(each);
    if (has_flag(each, keyed_bit))
      keys_.back(id);
    if (permits_) {
      permits_->could_not_go(id);
      expire_within(id, options_.stash_wait);
    }
  });
  stash_.give_back(std::move(what));
  return doors_.anyone_up();
}

/// Whoever waits for something else from now on may do so for as long as any
/// other. The gate sets its timer when it comes back from what it does.
void waiting_line::expire_within(pending_id id, duration wait) {
  auto latest = (clock_.now() + wait).time_since_epoch().count();
  auto deadline = requests_.deadline(id);
  auto expires = std::min(deadline, latest);
  if (requests_.restamp(id, waiting_word, waiting_word, expires))
    requests_.due_by(expires);
}

} // namespace bulwark::detail
