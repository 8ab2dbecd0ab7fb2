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

void event_inbox::put(event&& what) noexcept {
  if (closed_.load(std::memory_order_relaxed))
    return;
  auto is_change = classify(what.kind) == event_class::change;
  auto places = emitter::waiting_max - (is_change ? emitter::reserved : 0);
  auto fits = false;
  try {
    fits = keep(std::move(what), places);
  } catch (...) {
    // Out of memory: it is dropped.
  }
  if (!fits)
    drop(is_change);
}

/// Returns false if all places are taken. Asking that first would fetch the
/// line of memory that everybody writes once more.
bool event_inbox::keep(event&& what, size_t places) {
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
  using list = mpsc_list<waiting_event>;
  // Not by make_unique, which would move the event twice.
  std::unique_ptr<list::node> mine{new list::node{{std::move(what), {}}}};
  auto how = waiting_.push(mine, places);
  if (how == list::outcome::pushed_first)
    wake();
  return how != list::outcome::full;
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
