#include <bulwark/events/event_words.hpp>
#include <bulwark/journal/detail/event_rows.hpp>

#include <charconv>

namespace bulwark::detail {

namespace {

void add_netstring(std::string& to, std::string_view text) {
  to += std::to_string(text.size());
  to += ':';
  to += text;
  to += ',';
}

std::optional<std::string> take_netstring(std::string_view& from) {
  size_t size = 0;
  const auto* end = from.data() + from.size();
  auto [at, error] = std::from_chars(from.data(), end, size);
  if (error != std::errc{} || at == end || *at != ':')
    return std::nullopt;
  from.remove_prefix(static_cast<size_t>(at - from.data()) + 1);
  if (size >= from.size() || from[size] != ',')
    return std::nullopt;
  auto result = std::string{from.substr(0, size)};
  from.remove_prefix(size + 1);
  return result;
}

} // namespace

std::string metadata_text(const metadata_list& pairs) {
  std::string result;
  for (const auto& [key, value] : pairs) {
    add_netstring(result, key);
    add_netstring(result, value);
  }
  return result;
}

std::optional<metadata_list> parse_metadata(std::string_view text) {
  metadata_list result;
  while (!text.empty()) {
    auto key = take_netstring(text);
    auto value = key ? take_netstring(text) : std::nullopt;
    if (!value)
      return std::nullopt;
    result.emplace_back(std::move(*key), std::move(*value));
  }
  return result;
}

const char* const event_columns =
  "node, boot, sequence, kind, level, failure, type_word, component, "
  "incarnation, at, booted, uptime, downtime, reason, metadata, events.id";

event_insert::event_insert(const sqlite_handle& to)
  : insert_(to.prepare(
    "insert or ignore into events(id, origin, sequence, kind, level, failure, "
    "type_word, component, incarnation, at, booted, uptime, reason, metadata, "
    "downtime) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {}

void event_insert::run(int64_t id, int64_t origin, const event& what) {
  auto kind = to_string(what.kind);
  auto level = to_string(what.level);
  auto failure = to_string(what.failure);
  auto metadata = metadata_text(what.metadata);
  auto text = [](const std::string& value) { return std::string_view{value}; };
  insert_.bind_all(id, origin, static_cast<int64_t>(what.sequence), text(kind),
                   text(level), text(failure), text(what.type_word),
                   text(what.component), static_cast<int64_t>(what.incarnation),
                   what.at, what.booted, int64_t{what.uptime.count()},
                   text(what.reason), text(metadata));
  constexpr int downtime = 15;
  if (what.downtime)
    insert_.bind(downtime, int64_t{what.downtime->count()});
  else
    insert_.bind_null(downtime);
  insert_.run();
}

std::optional<event> read_event(const sqlite_statement& from) {
  auto kind = parse_event_kind(from.text(3));
  auto metadata = parse_metadata(from.text(14));
  if (!kind || !metadata)
    return std::nullopt;
  event result;
  result.kind = *kind;
  result.node = from.text(0);
  result.boot = static_cast<uint64_t>(from.number(1));
  result.sequence = static_cast<uint64_t>(from.number(2));
  result.level = parse_severity(from.text(4)).value_or(severity::info);
  result.failure =
    parse_failure_type(from.text(5)).value_or(failure_type::none);
  result.type_word = from.text(6);
  result.component = from.text(7);
  result.incarnation = static_cast<uint64_t>(from.number(8));
  result.at = from.time(9);
  result.booted = from.time(10);
  result.uptime = duration{from.number(11)};
  if (!from.is_null(12))
    result.downtime = duration{from.number(12)};
  result.reason = from.text(13);
  result.metadata = std::move(*metadata);
  return result;
}

} // namespace bulwark::detail
