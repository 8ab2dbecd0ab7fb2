#pragma once

#include <bulwark/events/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// How much a line of the log matters.
enum class log_level : uint8_t { info, warn, error, crit };

/// For whom the log is written first: people, or programs.
enum class log_format : uint8_t { text, json };

/// Returns the level of an event: `info` is INFO, `low` and `medium` WARN,
/// `high` ERROR, `critical` CRIT.
log_level level_of(severity level);

/// Reads `info`, `warn`, `error`, `crit`.
std::optional<log_level> parse_log_level(std::string_view text);

/// Reads `text`, `json`.
std::optional<log_format> parse_log_format(std::string_view text);

/// Returns `what` as one line without its end:
/// `2026-11-21T19:30:00.123Z WARN  alpha child_failed component=... ...`.
std::string text_line(const event& what);

/// Returns `what` as one JSON object on one line, without its end: `time`,
/// `level`, `node`, `event`, `severity`, and where it has them `component`,
/// `failure`, `reason`, `incarnation`, `downtime_us`, `metadata`; always
/// `boot` and `sequence`. Bytes that are not UTF-8 become U+FFFD;
/// what would deceive a reader is escaped, as in text: see `plain_json`.
std::string json_line(const event& what);

/// Returns `what` as a line of format `format`.
std::string log_line(log_format format, const event& what);

} // namespace bulwark
