#include <bulwark/gate/detail/gate_core.hpp>

#include <utility>

namespace bulwark::detail {

std::optional<errc> gate_core::line_up(passage& way, bool& waits) {
  auto has = way.from && gate_permits::has_one(*way.from);
  if (!permits_ || open_replicas_ == 0 || (has && !slots_.idle_only()))
    return std::nullopt;
  auto wish = request_for(way.id);
  auto answer = has ? permit_table::answer::granted : permits_->line_up(wish);
  switch (answer) {
  case permit_table::answer::granted:
    waits = way.held = (slots_.idle_only() && slots_.idle() == 0)
                       || (!has && permits_->behind(wish.priority));
    way.granted = !has;
    if (waits) {
      permits_->line_up_with_permit(wish);
      way.granted = false;
    }
    return std::nullopt;
  case permit_table::answer::waits:
    waits = true;
    return std::nullopt;
  case permit_table::answer::isolated:
    return errc::bulkhead_isolated;
  case permit_table::answer::full:
    break;
  }
  return errc::bulkhead_full;
}

/// `at`: for one that has a key.
bool gate_core::may_go_with_permit(const element& what, uint8_t index,
                                   gate_permits::turn at) {
  auto id = *tracked_id(what);
  if (!slot_bank::is_local({index, 0})) {
    if (open_replicas_ > 0 || !may_go(what, index))
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

element_chain gate_core::take_wanted(uint8_t index, element_chain& failed) {
  auto free = [&](const element& what, bool) {
    return may_go(what, index) ? stash::choice::take : stash::choice::leave;
  };
  if (!permits_)
    return stash_.take_if(free, &failed);
  // Behind the door of a replica that is up only what has a key is given to
  // that very one; the rest goes where there is least to do.
  bool any_of_them =
    !slot_bank::is_local({index, 0}) || !slots_[index].door.is_open();
  auto now = rate_ ? rate_->now() : time_point{};
  passed_over before;
  auto with_permit = [&](const element& what, bool came_back) {
    auto id = *tracked_id(what);
    if (rate_ && rate_->waits(id) && !turn_ends(id, index, now)) {
      if (auto key = keys_.key_of(id))
        before.keys.emplace(*key);
      return stash::choice::leave;
    }
    if (has_flag(what, keyed_bit))
      return may_go_in_order(what, index, came_back, before)
               ? stash::choice::take
               : stash::choice::leave;
    // In line before the door opens, so that nothing passes it.
    auto one_each = slots_.idle_only() && slot_bank::is_local({index, 0});
    if (any_of_them && one_each)
      permits_->stand_in_line(request_for(id));
    if (any_of_them && !one_each)
      return may_go_with_permit(what, index, {}) ? stash::choice::take
                                                 : stash::choice::leave;
    if (!keys_.empty() && permits_->knows(id))
      ++before.others[permits_->group_of(request_for(id))];
    return stash::choice::leave;
  };
  return stash_.take_if(with_permit, &failed);
}

/// Neither before one of its key nor with the permit of one that waited longer.
bool gate_core::may_go_in_order(const element& what, uint8_t index,
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

/// Its entry has the permit, and gives it back, if it had it before.
void gate_core::leave_line(const passage& way) {
  auto has = way.from && gate_permits::has_one(*way.from);
  if (has && way.held)
    permits_->leave_with_permit(way.id);
  else
    permits_->left(way.id);
}

/// Something waits with its permit: behind others that the gate has not handed
/// over yet, or for a replica that is idle. One may have become it meanwhile:
/// whoever does looks for such waiters afterwards.
void gate_core::look_for_idle() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (!slots_.idle_only() || slots_.idle() > 0)
    poke_gate();
}

void gate_core::serve_idle() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (permits_->any_lined())
    poke_gate();
}

/// Stops looking when nothing can be found any more: with a long queue and one
/// permit at a time this is what keeps it from being quadratic.
element_chain gate_core::take_lined(element_chain& failed) {
  auto others = permits_->lined_up() + (rate_ ? rate_->waiting() : 0);
  auto fresh = stash_.size() - std::min(stash_.size(), others);
  auto idle = slots_.idle_only() ? slots_.idle() : stash_.size();
  auto wanted = [&](const element& what, bool) {
    if (idle == 0 || (fresh == 0 && !permits_->any_granted()))
      return stash::choice::stop;
    auto id = *tracked_id(what);
    if (rate_ && rate_->waits(id))
      return stash::choice::leave;
    fresh -= fresh > 0 && !permits_->knows(id) ? 1 : 0;
    if (has_flag(what, keyed_bit) || !permits_->may_go(request_for(id)))
      return stash::choice::leave;
    --idle;
    return stash::choice::take;
  };
  return stash_.take_if(wanted, &failed);
}

void gate_core::serve_lined(run_context eu,
                            const caf::strong_actor_ptr& stage) {
  // A replica that dies meanwhile hands back after this, and so in front of
  // what could not go any more.
  slot_bank::hold held{slots_};
  for (;;) {
    element_chain going;
    element_chain failed;
    {
      std::lock_guard guard{lock_};
      if (open_replicas_ > 0)
        going = take_lined(failed);
    }
    answer_waiting(std::move(failed), errc::memory_exhausted, eu);
    if (going.empty())
      return;
    while (auto what = going.pop_front()) {
      passage way{*tracked_id(*what), waiting_word,
                  has_flag(*what, from_peer_bit), true};
      bool taken = true;
      try {
        taken = try_forward(what, way, eu, stage) == lane::taken;
      } catch (...) {
        give_up(way, errc::memory_exhausted, eu);
      }
      std::lock_guard guard{lock_};
      permits_->gone(way.id);
      if (taken)
        continue;
      element_chain rest;
      expire_within(way.id, options_.stash_wait);
      rest.push_back(std::move(what));
      going.for_each([this](const element& each) {
        permits_->could_not_go(*tracked_id(each));
        expire_within(*tracked_id(each), options_.stash_wait);
      });
      rest.append(std::move(going));
      stash_.give_back(std::move(rest));
    }
  }
}

/// Whoever waits for something else from now on may do so for as long as any
/// other. The gate sets its timer when it comes back from what it does.
void gate_core::expire_within(pending_id id, duration wait) {
  auto latest = (clock_.now() + wait).time_since_epoch().count();
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto expires = std::min(deadline, latest);
  if (pending_.restamp(id, waiting_word, waiting_word, expires))
    due_by(expires);
}

void gate_core::fetch_permits() {
  if (!permits_)
    return;
  std::lock_guard guard{lock_};
  try {
    permits_->fetch();
    take_turns();
  } catch (...) {
    poke_gate(); // Out of memory.
  }
}

void gate_core::serve_with_permits(run_context eu,
                                   const caf::strong_actor_ptr& stage) {
  if (!permits_)
    return;
  serve_lined(eu, stage);
  {
    // What could not go has no use for its permit until it can. What was
    // granted meanwhile comes with a poke of its own, unless nobody is up.
    std::lock_guard guard{lock_};
    try {
      if (open_replicas_ == 0)
        permits_->fetch();
      if (open_replicas_ == 0 || !slots_.idle_only())
        for (auto id : permits_->return_unused())
          expire_within(id, options_.stash_wait);
    } catch (...) {
      poke_gate(); // Out of memory.
    }
  }
  pay_debts();
  answer_refused(eu);
}

void gate_core::pay_debts() noexcept {
  if (!permits_ || !permits_->owing())
    return;
  gate_permits::debts debts;
  {
    std::lock_guard guard{lock_};
    debts = permits_->take_debts();
  }
  permits_->pay(debts);
}

void gate_core::answer_refused(run_context eu) {
  std::vector<std::pair<uint64_t, errc>> refused;
  try {
    std::lock_guard guard{lock_};
    refused = permits_->take_refused();
  } catch (...) {
    poke_gate(); // Out of memory.
  }
  for (const auto& [bits, why] : refused) {
    pending_id id{bits};
    auto word = pending_.word_of(id);
    if (!word || word->state != pending_state::waiting)
      continue;
    fail(id, std::nullopt, why, eu);
  }
  if (!refused.empty())
    purge_stash();
}

} // namespace bulwark::detail
