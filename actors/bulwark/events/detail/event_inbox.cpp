#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/events/detail/event_inbox.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/message.hpp>

#include <memory>
#include <string>
#include <utility>

namespace bulwark::detail {

namespace {

// Most texts are short enough.
void cut(std::string& text, size_t bytes_max = event::text_max) {
  if (text.size() > bytes_max)
    cut_text(text, bytes_max);
}

} // namespace

event_inbox::event_inbox(caf::actor_system& system,
                         std::function<wall_time()> now)
  : system_(system),
    now_(std::move(now)),
    booted_(now_()),
    began_(system_.clock().now()) {}

duration event_inbox::uptime() const {
  return system_.clock().now() - began_;
}

void event_inbox::stamp(event& what) const {
  what.at = now_();
  what.booted = booted_;
  what.uptime = uptime();
}

void event_inbox::open(caf::actor_addr monitor) {
  monitor_ = std::move(monitor);
}

/// Counts one more on the way, or returns false: so many are there already.
/// How many the monitor has taken is asked for only where it matters. It may
/// have taken more meanwhile than were sent before.
bool event_inbox::find_place(int64_t places) noexcept {
  auto before = sent_.fetch_add(1, std::memory_order_relaxed);
  if (before - known_taken_.load(std::memory_order_relaxed) < places)
    return true;
  auto taken = taken_.load(std::memory_order_relaxed);
  known_taken_.store(taken, std::memory_order_relaxed);
  if (before - taken < places)
    return true;
  sent_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void event_inbox::put(event&& what) noexcept {
  if (closed_.load(std::memory_order_relaxed))
    return;
  auto is_change = classify(what.kind) == event_class::change;
  auto places = emitter::waiting_max - (is_change ? emitter::reserved : 0);
  if (!find_place(static_cast<int64_t>(places)))
    return drop(is_change);
  try {
    return keep(std::move(what));
  } catch (...) {
    // Out of memory: it is dropped.
  }
  sent_.fetch_sub(1, std::memory_order_relaxed);
  drop(is_change);
}

void event_inbox::keep(event&& what) {
  cut(what.component);
  cut(what.reason);
  if (what.metadata.size() > event::metadata_max)
    what.metadata.resize(event::metadata_max);
  for (auto& [key, value] : what.metadata) {
    cut(key);
    cut(value);
  }
  cut(what.type_word, event::word_max);
  // Not the wall clock too: to read a clock may cost as much as to hand over.
  what.booted = booted_;
  what.uptime = uptime();
  using node = mpsc_list<waiting_event>::node;
  // Not by make_unique, which would move the event twice.
  if (waiting_.push(std::unique_ptr<node>{new node{{std::move(what), {}}}}))
    wake();
}

void event_inbox::wake() noexcept {
  try {
    post(monitor_, nullptr, events_waiting{});
  } catch (...) {
    // Out of memory: the monitor's next message, at the latest its next beat,
    // meets what waits.
  }
}

void event_inbox::drop(bool is_change) noexcept {
  (is_change ? dropped_changes_ : dropped_others_).fetch_add(1);
  // One message is enough for all that are dropped until it is handled; so
  // drops can neither fill the mailbox nor stay untold.
  if (told_.exchange(true))
    return;
  try {
    post(monitor_, nullptr, drops_waiting{});
  } catch (...) {
    told_.store(false);
  }
}

event_inbox::dropped event_inbox::take_dropped() noexcept {
  // In this order: a drop in between is told again.
  told_.store(false);
  return {dropped_changes_.exchange(0), dropped_others_.exchange(0)};
}

} // namespace bulwark::detail
