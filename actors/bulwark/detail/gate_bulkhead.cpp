#include <bulwark/detail/gate_core.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace bulwark::detail {

std::optional<errc> gate_core::line_up(passage& way, bool& waits) {
  auto has = way.from && gate_permits::has_one(*way.from);
  if (!permits_ || open_replicas_ == 0 || (has && !slots_.idle_only()))
    return std::nullopt;
  auto answer = has ? permit_book::answer::granted
                    : permits_->line_up(wish_for(way.id), false);
  switch (answer) {
  case permit_book::answer::granted:
    waits = way.held = slots_.idle_only() && slots_.idle() == 0;
    way.granted = !waits && !has;
    if (waits)
      permits_->line_up_with_permit(wish_for(way.id));
    return std::nullopt;
  case permit_book::answer::waits:
    waits = true;
    return std::nullopt;
  case permit_book::answer::isolated:
    return errc::bulkhead_isolated;
  case permit_book::answer::full:
    break;
  }
  return errc::bulkhead_full;
}

/// `at`: for one that has a key.
bool gate_core::may_go_with_permit(const caf::mailbox_element& what,
                                   uint8_t index, gate_permits::turn at) {
  auto id = *tracked_id(what.mid);
  if (!slot_bank::is_local({index, 0})) {
    if (open_replicas_ > 0 || !may_go(what, index))
      return false;
    permits_->left(id);
    return true;
  }
  if (!may_go(what, index))
    return false;
  if (!has_flag(what.mid, keyed_bit))
    return permits_->may_go(wish_for(id));
  if (permits_->may_go_in_turn(wish_for(id), at))
    return true;
  keys_.back(id);
  return false;
}

stash::filter gate_core::wanted_for(uint8_t index) {
  if (!permits_)
    return [=, this](const caf::mailbox_element& what, bool) {
      return may_go(what, index) ? stash::choice::take : stash::choice::leave;
    };
  // Behind the door of a replica that is up only what has a key is given to
  // that very one; the rest goes where there is least to do.
  bool any_of_them =
    !slot_bank::is_local({index, 0}) || !slots_[index].door.is_open();
  return [=, this, before = passed_over{}](const caf::mailbox_element& what,
                                           bool came_back) mutable {
    if (has_flag(what.mid, keyed_bit))
      return may_go_in_order(what, index, came_back, before)
               ? stash::choice::take
               : stash::choice::leave;
    auto id = *tracked_id(what.mid);
    // In line before the door opens, so that nothing passes it.
    auto one_each = slots_.idle_only() && slot_bank::is_local({index, 0});
    if (any_of_them && one_each)
      permits_->stand_in_line(wish_for(id));
    if (any_of_them && !one_each)
      return may_go_with_permit(what, index, {}) ? stash::choice::take
                                                 : stash::choice::leave;
    if (!keys_.empty() && permits_->knows(id))
      ++before.others[permits_->group_of(wish_for(id))];
    return stash::choice::leave;
  };
}

/// Neither before one of its key nor with the permit of one that waited longer.
bool gate_core::may_go_in_order(const caf::mailbox_element& what, uint8_t index,
                                bool came_back, passed_over& before) {
  auto id = *tracked_id(what.mid);
  auto key = keys_.key_of(id);
  if (key && before.keys.count(*key) > 0)
    return false;
  auto others = before.others.find(permits_->group_of(wish_for(id)));
  auto ahead = others != before.others.end() ? others->second : 0;
  if (may_go_with_permit(what, index, {ahead, came_back}))
    return true;
  if (key)
    before.keys.insert(*key);
  return false;
}

void gate_core::note_start(pending_id id) {
  notes_.of(id).started.store(
    permits_->bulkhead().now().time_since_epoch().count(),
    std::memory_order_relaxed);
}

void gate_core::learn(pending_id id, bool dropped) {
  auto& bulkhead = permits_->bulkhead();
  auto started = notes_.of(id).started.load(std::memory_order_relaxed);
  bulkhead.learn(bulkhead.now() - time_point{duration{started}}, dropped);
}

/// Answers what comes too soon, or has it come again when it is time. What
/// comes again is known by a bit that no id of a client has.
bool gate_core::too_soon(caf::mailbox_element_ptr& what,
                         const call_options* call, caf::execution_unit* eu) {
  auto bits = what->mid.integer_value();
  if ((bits & timed_bit) != 0) {
    what->mid = caf::message_id{bits & ~timed_bit};
    return false;
  }
  auto verdict =
    permits_->bulkhead().begin(call != nullptr ? call->tenant : std::string{});
  if (verdict.granted && verdict.wait == duration::zero())
    return false;
  if (!verdict.granted) {
    refuse(*what, errc::rate_limited, eu);
    return true;
  }
  what->mid = caf::message_id{bits | timed_bit};
  if (call != nullptr) {
    auto again = caf::message::concat(caf::make_message(*call),
                                      what->move_content_to_message());
    what = caf::make_mailbox_element(std::move(what->sender), what->mid,
                                     std::move(what->stages), std::move(again));
  }
  sys_.clock().schedule_message(permits_->bulkhead().now() + verdict.wait,
                                self(), std::move(what));
  return true;
}

/// Its entry has the permit, and gives it back, if it had it before.
void gate_core::leave_line(const passage& way) {
  auto has = way.from && gate_permits::has_one(*way.from);
  if (has && way.held)
    permits_->leave_with_permit(way.id);
  else
    permits_->left(way.id);
}

/// Something waits with its permit for a replica that is idle, and one may
/// have become it meanwhile: whoever does looks for such waiters afterwards.
void gate_core::look_for_idle() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (slots_.idle() > 0)
    poke_gate();
}

void gate_core::serve_idle() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (permits_->any_lined())
    poke_gate();
}

/// Stops looking when nothing can be found any more: with a long queue and one
/// permit at a time this is what keeps it from being quadratic.
element_chain gate_core::take_lined() {
  auto fresh = stash_.size() - std::min(stash_.size(), permits_->lined_up());
  auto idle = slots_.idle_only() ? slots_.idle() : stash_.size();
  return stash_.take_if([&](const caf::mailbox_element& what, bool) {
    if (idle == 0 || (fresh == 0 && !permits_->any_granted()))
      return stash::choice::stop;
    auto id = *tracked_id(what.mid);
    fresh -= fresh > 0 && !permits_->knows(id) ? 1 : 0;
    if (has_flag(what.mid, keyed_bit) || !permits_->may_go(wish_for(id)))
      return stash::choice::leave;
    --idle;
    return stash::choice::take;
  });
}

void gate_core::serve_lined(caf::execution_unit* eu,
                            const caf::strong_actor_ptr& stage) {
  // A replica that dies meanwhile hands back after this, and so in front of
  // what could not go any more.
  slot_bank::hold held{slots_};
  for (;;) {
    element_chain going;
    {
      std::lock_guard guard{lock_};
      if (open_replicas_ > 0)
        going = take_lined();
    }
    if (going.empty())
      return;
    while (auto what = going.pop_front()) {
      passage way{*tracked_id(what->mid), waiting_word,
                  has_flag(what->mid, from_peer_bit), true};
      auto taken = try_forward(what, way, eu, stage) == lane::taken;
      std::lock_guard guard{lock_};
      permits_->gone(way.id);
      if (taken)
        continue;
      element_chain rest;
      wait_for_replica(way.id);
      rest.push_back(std::move(what));
      going.for_each([this](const caf::mailbox_element& each) {
        permits_->could_not_go(*tracked_id(each.mid));
        wait_for_replica(*tracked_id(each.mid));
      });
      rest.append(std::move(going));
      stash_.give_back(std::move(rest));
    }
  }
}

/// What waited for a permit, and waits for a replica from now on, may do so
/// for as long as any other.
void gate_core::wait_for_replica(pending_id id) {
  auto latest = clock_.now() + options_.stash_wait;
  auto deadline = pending_.payload(id).deadline.load(std::memory_order_relaxed);
  auto expires = std::min(deadline, latest.time_since_epoch().count());
  static_cast<void>(pending_.restamp(id, waiting_word, waiting_word, expires));
}

void gate_core::fetch_permits() {
  if (!permits_)
    return;
  std::lock_guard guard{lock_};
  permits_->fetch();
}

void gate_core::serve_with_permits(caf::execution_unit* eu,
                                   const caf::strong_actor_ptr& stage) {
  if (!permits_)
    return;
  serve_lined(eu, stage);
  {
    // What could not go has no use for its permit until it can. What was
    // granted meanwhile comes with a poke of its own, unless nobody is up.
    std::lock_guard guard{lock_};
    if (open_replicas_ == 0)
      permits_->fetch();
    if (open_replicas_ == 0 || !slots_.idle_only())
      for (auto id : permits_->return_unused())
        wait_for_replica(id);
  }
  pay_debts();
  answer_refused(eu);
}

void gate_core::pay_debts() {
  if (!permits_ || !permits_->owing())
    return;
  gate_permits::debts debts;
  {
    std::lock_guard guard{lock_};
    debts = permits_->take_debts();
  }
  permits_->pay(debts);
}

void gate_core::answer_refused(caf::execution_unit* eu) {
  std::vector<std::pair<uint64_t, errc>> refused;
  {
    std::lock_guard guard{lock_};
    refused = permits_->take_refused();
  }
  for (const auto& [bits, why] : refused) {
    pending_id id{bits};
    auto word = pending_.word_of(id);
    if (!word || word->state != pending_state::waiting)
      continue;
    auto won = pending_.take(id);
    if (won.what == table::outcome::unanswered)
      answer_taken(id, error_for(why), eu);
    if (won.what != table::outcome::nothing)
      release(id, won);
  }
  if (!refused.empty())
    purge_stash();
}

} // namespace bulwark::detail
