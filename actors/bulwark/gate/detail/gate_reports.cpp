#include <bulwark/caf/caf_error.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/gate/detail/gate_reports.hpp>

#include <utility>

namespace bulwark::detail {

gate_reports::gate_reports(std::string service, emitter events,
                           dead_letter_box letters)
  : service_(std::move(service)),
    events_(std::move(events)),
    letters_(std::move(letters)) {}

void gate_reports::lost(lost_message what) const noexcept {
  try {
    event note;
    note.kind = event_kind::dead_letter;
    note.level = severity_of(note.kind);
    note.component = "/root/" + service_;
    note.reason = what.reason;
    what.service = service_;
    if (auto letter = letters_.put(std::move(what)))
      note.with("letter", std::to_string(letter));
    events_.emit(std::move(note));
  } catch (...) {
    // Out of memory: the count of lost letters is not worth the process.
  }
}

void gate_reports::refused(const char* what, time_point now) noexcept {
  try {
    refused_.fetch_add(1, std::memory_order_relaxed);
    auto at = now.time_since_epoch().count();
    auto due = next_notice_.load(std::memory_order_relaxed);
    auto next = at + duration{std::chrono::seconds{1}}.count();
    if (at < due || !next_notice_.compare_exchange_strong(due, next))
      return;
    event notice;
    notice.kind = event_kind::message_refused;
    notice.level = severity_of(notice.kind);
    notice.component = "/root/" + service_;
    notice.reason = what;
    notice.with("count", std::to_string(refused_.exchange(0)));
    events_.emit(std::move(notice));
  } catch (...) {
    // As above.
  }
}

caf::error gate_reports::cannot_travel(const travel_complaint& why) const {
  auto text = service_ + ": " + why.text;
  event notice;
  notice.kind = event_kind::message_refused;
  notice.level = severity_of(notice.kind);
  notice.component = "/root/" + service_;
  notice.reason = text;
  if (!why.type.empty())
    notice.with("type", why.type);
  events_.emit(std::move(notice));
  return make_error(errc::message_type, std::move(text));
}

} // namespace bulwark::detail
