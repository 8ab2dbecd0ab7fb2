#include <bulwark/log/detail/level_name.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/text/wall_time_text.hpp>

namespace bulwark {

std::string detail::level_name(log_level level) {
  switch (level) {
  case log_level::info:
    return "INFO";
  case log_level::warn:
    return "WARN";
  case log_level::error:
    return "ERROR";
  case log_level::crit:
    return "CRIT";
  }
  return "CRIT";
}

log_level level_of(severity level) {
  switch (level) {
  case severity::info:
    return log_level::info;
  case severity::low:
  case severity::medium:
    return log_level::warn;
  case severity::high:
    return log_level::error;
  case severity::critical:
    return log_level::crit;
  }
  return log_level::crit;
}

std::optional<log_level> parse_log_level(std::string_view text) {
  if (text == "info")
    return log_level::info;
  if (text == "warn")
    return log_level::warn;
  if (text == "error")
    return log_level::error;
  if (text == "crit")
    return log_level::crit;
  return std::nullopt;
}

std::optional<log_format> parse_log_format(std::string_view text) {
  if (text == "text")
    return log_format::text;
  if (text == "json")
    return log_format::json;
  return std::nullopt;
}

std::string text_line(const event& what) {
  auto level = detail::level_name(level_of(what.level));
  level.resize(6, ' ');
  return to_text(what.at) + ' ' + level + to_text(what);
}

std::string log_line(log_format format, const event& what) {
  return format == log_format::json ? json_line(what) : text_line(what);
}

} // namespace bulwark
