#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/events/detail/event_inbox.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/message.hpp>

#include <string>
#include <utility>

namespace bulwark::detail {

namespace {

void cut(std::string& text) {
  cut_text(text, event::text_max);
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
  auto before = waiting_.fetch_add(1, std::memory_order_relaxed);
  auto is_change = classify(what.kind) == event_class::change;
  auto places = emitter::waiting_max - (is_change ? emitter::reserved : 0);
  try {
    if (before < places)
      return send(std::move(what));
  } catch (...) {
    // Out of memory: it is dropped.
  }
  taken();
  drop(is_change);
}

void event_inbox::send(event&& what) {
  cut(what.component);
  cut(what.reason);
  if (what.metadata.size() > event::metadata_max)
    what.metadata.resize(event::metadata_max);
  for (auto& [key, value] : what.metadata) {
    cut(key);
    cut(value);
  }
  cut_text(what.type_word, event::word_max);
  // Not the wall clock too: to read a clock may cost as much as to send.
  what.booted = booted_;
  what.uptime = uptime();
  post(monitor_, nullptr, emitted{std::move(what)});
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
