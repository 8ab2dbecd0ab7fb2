#include <bulwark/events/record.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>

#include <stdexcept>
#include <string_view>

namespace bulwark {

namespace {

void require(bool rule, const char* field, const std::string& value,
             const char* words) {
  if (!rule)
    throw std::invalid_argument{
      std::string{field} + " is "
      + bulwark::quoted(value.substr(0, event::word_max)) + "; it must be "
      + words};
}

void require_component(const std::string& id) {
  std::string_view text = id;
  require(!id.empty() && id.size() <= event::text_max, "component_id", id,
          "1 to 1024 characters");
  require(text.front() != '/' && !text.starts_with("node/"), "component_id", id,
          "a name of the application's own: those that begin with / or node/ "
          "are Bulwark's");
}

void require_word(const char* field, const std::string& word) {
  require(!word.empty() && word.size() <= event::word_max, field, word,
          "1 to 64 characters");
}

event make(event_kind kind, std::string component, event_metadata metadata) {
  event result;
  result.kind = kind;
  result.component = std::move(component);
  result.metadata = std::move(metadata);
  return result;
}

} // namespace

void record_failure_event(const emitter& to, std::string component_id,
                          std::string failure_type, severity level,
                          event_metadata metadata) {
  require_component(component_id);
  require_word("failure_type", failure_type);
  require(level != severity::info, "severity", to_string(level),
          "low, medium, high or critical");
  auto what = make(event_kind::failure_reported, std::move(component_id),
                   std::move(metadata));
  what.level = level;
  what.failure = bulwark::failure_type::reported;
  what.type_word = std::move(failure_type);
  to.emit(std::move(what));
}

void record_recovery_event(const emitter& to, std::string component_id,
                           std::string recovery_method, duration recovery_time,
                           event_metadata metadata) {
  require_component(component_id);
  require_word("recovery_method", recovery_method);
  require(recovery_time >= duration::zero(), "recovery_time",
          to_text(recovery_time), "0ms or longer");
  // First, so that it is kept whatever else there is.
  metadata.insert(metadata.begin(), {"method", std::move(recovery_method)});
  auto what = make(event_kind::recovery_reported, std::move(component_id),
                   std::move(metadata));
  what.downtime = recovery_time;
  to.emit(std::move(what));
}

} // namespace bulwark
