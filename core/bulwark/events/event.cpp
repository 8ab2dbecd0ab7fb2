#include <bulwark/events/event.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>

namespace bulwark {

event& event::with(std::string key, std::string value) {
  if (metadata.size() < metadata_max)
    metadata.emplace_back(std::move(key), std::move(value));
  return *this;
}

wall_time ledger_time(const event& what) noexcept {
  return what.booted
         + std::chrono::duration_cast<wall_time::duration>(what.uptime);
}

std::string type_of(const event& what) {
  return what.type_word.empty() ? to_string(what.failure) : what.type_word;
}

std::optional<std::string_view> find_metadata(const event& what,
                                              std::string_view key) noexcept {
  for (const auto& [name, value] : what.metadata)
    if (name == key)
      return value;
  return std::nullopt;
}

event_class classify(event_kind kind) {
  switch (kind) {
  case event_kind::child_failed:
  case event_kind::service_down:
  case event_kind::node_lost:
  case event_kind::node_crashed:
  case event_kind::failure_reported:
    return event_class::failure;
  case event_kind::child_restarted:
  case event_kind::service_up:
  case event_kind::node_joined:
  case event_kind::recovery_reported:
    return event_class::recovery;
  default:
    return event_class::change;
  }
}

bool is_in_ledger(event_kind kind) {
  switch (kind) {
  case event_kind::child_started:
  case event_kind::child_failed:
  case event_kind::child_restarted:
  case event_kind::child_stopped:
  case event_kind::child_gave_up:
  case event_kind::service_started:
  case event_kind::service_down:
  case event_kind::service_up:
  case event_kind::node_started:
  case event_kind::node_draining:
  case event_kind::node_stopped:
  case event_kind::node_crashed:
  case event_kind::node_lost:
  case event_kind::node_joined:
  case event_kind::node_left:
  case event_kind::failure_reported:
  case event_kind::recovery_reported:
  case event_kind::events_dropped:
  case event_kind::warning_raised:
  case event_kind::warning_settled:
    return true;
  default:
    return false;
  }
}

std::string to_text(const event& what) {
  std::string result;
  auto pair = [&result](std::string_view key, std::string_view value) {
    result += ' ';
    result += log_key(key);
    result += '=';
    result += log_value(value);
  };
  result += log_value(what.node);
  result += ' ';
  result += to_string(what.kind);
  if (!what.component.empty())
    pair("component", what.component);
  if (!what.type_word.empty())
    pair("type", what.type_word);
  if (!what.reason.empty())
    pair("reason", what.reason);
  if (what.incarnation != 0)
    pair("incarnation", std::to_string(what.incarnation));
  if (what.downtime)
    pair("downtime", to_text(*what.downtime));
  for (const auto& [key, value] : what.metadata)
    pair(key, value);
  return result;
}

} // namespace bulwark
