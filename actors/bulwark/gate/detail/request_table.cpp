#include <bulwark/gate/detail/request_table.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

/// Returns the id of a message in the mailbox category in which replicas get
/// it: none with a key may pass another of that key.
routing_id seen_mid(const entrance& by) {
  if ((by.flags & keyed_bit) != 0)
    return as_normal(by.mid);
  if (by.call != nullptr && by.call->priority == call_priority::critical)
    return as_urgent(by.mid);
  return by.mid;
}

} // namespace

void request_table::note(pending_id id, element& what, entrance& by) {
  auto& call = call_of(id);
  // One hop is our own, see `dispatch`.
  note_route(what, call.route);
  call.client = std::move(by.reply_to);
  call.mid = by.mid;
  // A release: who looks at an entry that is reused meanwhile, `deadline_of`,
  // and finds this time then finds its old name used up.
  call.deadline.store(by.deadline.time_since_epoch().count(),
                      std::memory_order_release);
  if (by.call != nullptr && !by.call->key.empty())
    by.flags |= keyed_bit;
  // Written only where it changes, as what others may read, too.
  if (auto peer = (by.flags & from_peer_bit) != 0; peer != said(id).from_peer)
    said(id).from_peer = peer;
  set_id(what, tracked_mid(id, seen_mid(by), by.flags));
}

std::optional<time_point> request_table::deadline_of(pending_id id) noexcept {
  if (!live(id))
    return std::nullopt;
  auto deadline = call_of(id).deadline.load(std::memory_order_acquire);
  if (attempt_limit() > duration::zero())
    deadline = std::min(deadline, expires_of(id));
  // The entry may have been freed and reused while we looked.
  if (!live(id))
    return std::nullopt;
  return time_point{duration{deadline}};
}

size_t request_table::count_of(pending_owner owner) {
  size_t result = 0;
  for_each([&](pending_id, const pending_word& word, int64_t) {
    result += word.owner == owner && word.state == pending_state::active;
  });
  return result;
}

std::optional<pending_id> request_table::only_one_of(pending_owner owner) {
  std::optional<pending_id> result;
  size_t count = 0;
  for_each([&](pending_id id, const pending_word& word, int64_t) {
    if (word.owner != owner || word.state != pending_state::active)
      return;
    result = id;
    ++count;
  });
  return count == 1 ? result : std::nullopt;
}

void request_table::note_start(pending_id id, time_point now) noexcept {
  try {
    notes_.of(id).started.store(now.time_since_epoch().count(),
                                std::memory_order_relaxed);
  } catch (...) {
    // Out of memory.
  }
}

std::optional<time_point> request_table::start_of(pending_id id) noexcept {
  try {
    auto started = notes_.of(id).started.load(std::memory_order_relaxed);
    if (started != 0)
      return time_point{duration{started}};
  } catch (...) {
    // Out of memory.
  }
  return std::nullopt;
}

void request_table::note_later(pending_id id) {
  auto& noted = notes_.of(id);
  if (is_later(id))
    return;
  for (auto& each : noted.tried)
    each.store(0, std::memory_order_relaxed);
  noted.later.store(id.value, std::memory_order_relaxed);
  any_later_.store(true, std::memory_order_relaxed);
}

void request_table::note_tried(pending_id id, pending_owner owner) {
  note_later(id);
  notes_.of(id)
    .tried.at(owner.slot / 64)
    .fetch_or(uint64_t{1} << owner.slot % 64, std::memory_order_relaxed);
}

void request_table::note_moved(pending_id from, pending_id to) {
  note_later(to);
  if (!is_later(from))
    return;
  auto& old = notes_.of(from).tried;
  for (size_t i = 0; i < old.size(); ++i)
    notes_.of(to).tried.at(i).store(old[i].load(std::memory_order_relaxed),
                                    std::memory_order_relaxed);
}

bool request_table::is_later(pending_id id) noexcept {
  try {
    return any_later_.load(std::memory_order_relaxed)
           && notes_.of(id).later.load(std::memory_order_relaxed) == id.value;
  } catch (...) {
    return false; // Out of memory.
  }
}

void request_table::note_copy(pending_id id) {
  notes_.of(id).copy.store(id.value, std::memory_order_relaxed);
  any_copy_.store(true, std::memory_order_relaxed);
}

bool request_table::is_copy(pending_id id) noexcept {
  try {
    return any_copy_.load(std::memory_order_relaxed)
           && notes_.of(id).copy.load(std::memory_order_relaxed) == id.value;
  } catch (...) {
    return false; // Out of memory.
  }
}

bool request_table::tried_anywhere(pending_id id) noexcept {
  return is_later(id)
         && std::any_of(notes_.of(id).tried.begin(), notes_.of(id).tried.end(),
                        [](const auto& each) {
                          return each.load(std::memory_order_relaxed) != 0;
                        });
}

bool request_table::tried(pending_id id, size_t slot) noexcept {
  if (!is_later(id))
    return false;
  auto& word = notes_.of(id).tried.at(slot / 64);
  return (word.load(std::memory_order_relaxed) >> slot % 64 & 1) != 0;
}

void request_table::note_overdue(pending_id id, uint32_t progress_counter,
                                 int64_t until) {
  auto& noted = notes_.of(id);
  noted.progress_counter.store(progress_counter, std::memory_order_relaxed);
  noted.turns.store(0, std::memory_order_relaxed);
  noted.look_at.store(until, std::memory_order_relaxed);
}

bool request_table::works(attempt_note& noted, int64_t now, duration grace,
                          uint32_t progress_counter) noexcept {
  constexpr uint8_t turns_max = 2;
  auto same =
    noted.progress_counter.exchange(progress_counter, std::memory_order_relaxed)
    == progress_counter;
  if (progress_counter % 2 == 0
      || (!same
          && noted.turns.fetch_add(1, std::memory_order_relaxed) >= turns_max))
    return false;
  noted.look_at.store(now + grace.count(), std::memory_order_relaxed);
  return true;
}

} // namespace bulwark::detail
