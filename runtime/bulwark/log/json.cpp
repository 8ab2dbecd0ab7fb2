#include <bulwark/log/detail/level_name.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <nlohmann/json.hpp>

#include <chrono>

namespace bulwark {

std::string json_line(const event& what) {
  using json = nlohmann::ordered_json;
  json line;
  line["time"] = to_text(what.at);
  line["level"] = detail::level_name(level_of(what.level));
  line["node"] = what.node;
  line["event"] = to_string(what.kind);
  line["severity"] = to_string(what.level);
  if (!what.component.empty())
    line["component"] = what.component;
  if (what.failure != failure_type::none)
    line["failure"] = to_string(what.failure);
  if (!what.reason.empty())
    line["reason"] = what.reason;
  if (what.incarnation != 0)
    line["incarnation"] = what.incarnation;
  if (what.downtime) {
    using std::chrono::microseconds;
    auto length = std::chrono::duration_cast<microseconds>(*what.downtime);
    line["downtime_us"] = length.count();
  }
  if (!what.metadata.empty()) {
    auto& pairs = line["metadata"] = json::object();
    for (const auto& [key, value] : what.metadata)
      pairs[key] = value;
  }
  line["boot"] = what.boot;
  line["sequence"] = what.sequence;
  return plain_json(line.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace bulwark
