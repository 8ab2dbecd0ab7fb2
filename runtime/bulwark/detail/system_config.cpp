#include <bulwark/caf_error.hpp>
#include <bulwark/cluster/hello.hpp>
#include <bulwark/cluster/peer_notice.hpp>
#include <bulwark/detail/crash_report.hpp>
#include <bulwark/detail/system_config.hpp>
#include <bulwark/message_types.hpp>
#include <bulwark/option_checks.hpp>

#include <caf/io/middleman.hpp>
#include <caf/message.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace bulwark::detail {

namespace {

// CAF's own detection of dead peers is off by default.
constexpr caf::timespan heartbeat = std::chrono::seconds{1};
constexpr caf::timespan connection_timeout = std::chrono::seconds{10};

std::string render_errc(uint8_t code, caf::atom_value,
                        const caf::message& context) {
  auto text = to_string(static_cast<errc>(code));
  if (context.match_elements<std::string>())
    text += ": " + context.get_as<std::string>(0);
  return text;
}

/// What a node depends on, and what would end the process or do nothing.
constexpr std::array<std::string_view, 7> not_to_be_set{
  "middleman.app-identifier",
  "middleman.app-identifiers",
  "middleman.attach-utility-actors",
  "middleman.manual-multiplexing",
  "middleman.network-backend",
  "opencl.device-ids",
  "scheduler.policy",
};

/// Returns what CAF calls a value of that type, in words.
std::string described(const std::string& type) {
  if (type == "uint64")
    return "a whole number";
  if (type == "timespan")
    return "a whole number and a unit, such as 250ms";
  return type == "boolean" ? "true or false" : "a value of type " + type;
}

/// Returns the rule that a value of that option breaks.
std::optional<std::string> broken_rule_of(const std::string& name,
                                          const caf::config_value& value) {
  using caf::get_if;
  if (const auto* count = get_if<int64_t>(&value)) {
    auto most = name == "scheduler.max-threads" ? system_config::threads_max
                                                : system_config::count_max;
    if (*count < 1 || *count > most)
      return "it must be at least 1 and at most " + std::to_string(most);
  }
  if (const auto* length = get_if<caf::timespan>(&value))
    if (auto complaint = option_checks::not_negative("", *length))
      return complaint->substr(complaint->find("it must be"));
  return std::nullopt;
}

// Not inlined: g++ 12 sees an overflow in CAF's copies of a constant.
[[gnu::noinline]] std::string name_of_hello() {
  return "bulwark.hello";
}

[[gnu::noinline]] std::string name_of_peer_notice() {
  return "bulwark.peer_notice";
}

} // namespace

system_config::system_config() {
  set("scheduler.max-throughput", throughput_max);
  set("middleman.app-identifiers", std::vector<std::string>{protocol});
  set("middleman.heartbeat-interval", heartbeat);
  set("middleman.connection-timeout", connection_timeout);
  // The one-argument overload does not compile in CAF 0.17.6.
  add_error_category(caf::atom("bulwark"), render_errc);
  bulwark::add_message_types(*this);
  add_message_type<hello>(name_of_hello());
  add_message_type<peer_notice>(name_of_peer_notice());
  load<caf::io::middleman>();
  add_thread_hook<signal_stacks>();
}

std::vector<std::string> system_config::names() const {
  std::vector<std::string> result;
  for (const auto& each : custom_options_) {
    auto category = each.category();
    auto name = std::string{category.begin(), category.end()} + "."
                + std::string{each.long_name().begin(), each.long_name().end()};
    auto ours = std::find(not_to_be_set.begin(), not_to_be_set.end(), name)
                != not_to_be_set.end();
    if (category != "global" && !ours)
      result.push_back(std::move(name));
  }
  return result;
}

std::optional<std::string> system_config::set_text(const std::string& name,
                                                   const std::string& text) {
  const auto* option = custom_options_.qualified_name_lookup(name);
  auto value = option->is_flag() && text == "false"
                 ? caf::expected<caf::config_value>{caf::config_value{false}}
                 : option->parse(text);
  if (!value) {
    auto type = option->type_name();
    return "it must be " + described({type.begin(), type.end()});
  }
  if (auto rule = broken_rule_of(name, *value))
    return rule;
  option->store(*value);
  set(name, *value);
  return std::nullopt;
}

} // namespace bulwark::detail
