#include <bulwark/gate/detail/waiting_line.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <algorithm>

// How a message that comes in finds whether it has to wait, and begins to.

namespace bulwark::detail {

waiting_line::waiting_line(const parts& others)
  : sys_(others.sys),
    clock_(others.clock),
    options_(others.options),
    requests_(others.requests),
    slots_(others.slots),
    retries_(others.retries),
    protects_(others.protects),
    out_(others.out),
    doors_(slots_),
    stash_(options_.stash_messages, options_.stash_bytes),
    permits_(protects_.permits() != nullptr
               ? std::make_unique<permit_line>(*protects_.permits())
               : nullptr),
    lined_(permits_.get()),
    early_(turns_) {}

time_point waiting_line::now() const {
  return sys_.clock().now();
}

void waiting_line::join_key(pending_id id, const std::string& key) {
  requests_.said(id).keyed = true;
  lock_guard guard{lock_};
  keys_.arrive(id, key_order::hash(key));
}

bool waiting_line::leave_key(pending_id id) noexcept {
  lock_guard guard{lock_};
  return keys_.left(id);
}

gate_slot* waiting_line::pick_keyed(pending_id id, bool local, bool others,
                                    pending_owner& owner) {
  lock_guard guard{lock_};
  auto place = keys_.place_of(id);
  if (place.behind_others)
    return nullptr;
  if (place.slot && !(slot_bank::is_local({*place.slot, 0}) ? local : others))
    return nullptr;
  auto* to = place.slot ? slots_.enter(*place.slot, owner)
                        : slots_.pick(local, others, owner,
                                      keys_.key_of(id).value_or(0));
  if (to != nullptr)
    keys_.send_out(id, owner.slot);
  return to;
}

bool waiting_line::way_open(const element& what, pending_id id,
                            bool local_only) const {
  if (has_flag(what, keyed_bit)) {
    auto place = keys_.place_of(id);
    if (place.behind_others)
      return false;
    if (place.slot)
      return slots_[*place.slot].door.is_open();
  }
  return doors_.replicas_up() > 0 || (!local_only && doors_.peers_up() > 0);
}

bool waiting_line::comes_early(const element& what, const passage& way) {
  lock_guard guard{lock_};
  return turns_.early(way, what, rank_of(what, requests_.said(way.id)), now());
}

std::optional<errc> waiting_line::line_up(passage& way, bool& waits) {
  auto has = way.from && permit_limit::has_one(*way.from);
  if (!permits_ || doors_.replicas_up() == 0 || (has && !slots_.idle_only()))
    return std::nullopt;
  auto wanted = request_for(way.id);
  auto answer = has ? permit_table::answer::granted : permits_->line_up(wanted);
  switch (answer) {
  case permit_table::answer::granted:
    waits = way.held = (slots_.idle_only() && slots_.idle() == 0)
                       || (!has && permits_->behind(wanted.priority));
    way.granted = !has;
    if (waits) {
      permits_->line_up_with_permit(wanted);
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

/// Its entry has the permit, and gives it back, if it had it before.
void waiting_line::leave_line(const passage& way) {
  auto has = way.from && permit_limit::has_one(*way.from);
  if (has && way.held)
    permits_->leave_with_permit(way.id);
  else
    permits_->left(way.id);
}

std::optional<errc> waiting_line::try_wait(element_ptr& what, passage& way,
                                           size_t bytes) {
  lock_guard guard{lock_};
  auto id = way.id;
  auto keyed = has_flag(*what, keyed_bit);
  bool lined = false;
  way.held = false;
  auto rank = !way.from          ? rank_of(*what, requests_.said(id))
              : is_urgent(*what) ? call_priority::critical
                                 : call_priority::normal;
  way.early =
    way.turn.tenant != nullptr && turns_.early(way, *what, rank, now());
  if (!way.early && way_open(*what, id, way.local_only)) {
    auto code = line_up(way, lined);
    if (code || !lined)
      return code;
  } else if (auto code = doors_.hopeless(way.local_only, clock_.now())) {
    return code;
  }
  if (!stash_.fits(bytes)) {
    if (lined)
      leave_line(way);
    return lined ? errc::bulkhead_full : errc::stash_full;
  }
  auto wait = way.held ? options_.timeout
              : lined  ? permits_->wait_max()
                       : options_.stash_wait;
  wait += take_place(what, way, bytes, rank, lined);
  auto latest = (clock_.now() + wait).time_since_epoch().count();
  auto expires = std::min(requests_.deadline(id), latest);
  if (!way.from) {
    out_.set_out(stash_.last(rank), true);
    requests_.publish(id, {}, pending_state::waiting, expires);
  } else if (!requests_.restamp(id, *way.from, waiting_word, expires)) {
    what = stash_.take_last(rank);
    if (lined)
      leave_line(way);
    return errc::timed_out; // Answered meanwhile: `take` will find nothing.
  } else if (way.held) {
    slots_[way.from->owner.slot].door.work_back();
  } else {
    take_back(id, way.from->owner);
  }
  if (keyed)
    keys_.wait(id);
  return std::nullopt;
}

/// What an owner had comes back to the line, and leaves its permit.
void waiting_line::take_back(pending_id id, pending_owner owner) {
  slots_[owner.slot].door.work_back();
  if (permits_ && slot_bank::is_local(owner))
    permits_->defer(request_for(id));
}

/// Puts it among those that wait, or throws and leaves it out: what can fail
/// comes before its entry says that it waits. Returns how long it is until its
/// turn, if it waits for that.
duration waiting_line::take_place(element_ptr& what, const passage& way,
                                  size_t bytes, call_priority rank,
                                  bool lined) {
  try {
    auto result = duration::zero();
    auto& waiting = *what;
    stash_.arrive(std::move(what), bytes, rank);
    if (way.turn.tenant != nullptr)
      result = turns_.note(way, waiting, rank, now());
    return result;
  } catch (...) {
    if (!what)
      what = stash_.take_last(rank);
    if (lined)
      leave_line(way);
    throw;
  }
}

} // namespace bulwark::detail
