#include <bulwark/cluster/detail/voter_list.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/alert_text.hpp>
#include <bulwark/options/detail/hook_url.hpp>
#include <bulwark/options/detail/node_option_reader.hpp>
#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace bulwark::detail {

std::string node_option_reader::text_of(const char* key) const {
  return given_[key].as<std::string>();
}

void node_option_reader::refuse(const std::string& key,
                                const std::string& value,
                                std::string_view rule) const {
  throw config_error{origins_.shown(key, value) + " is "
                     + bulwark::quoted(value) + "; " + std::string{rule}};
}

host_port node_option_reader::address_of(const std::string& key,
                                         const std::string& value) const {
  auto result = parse_host_port(value);
  if (!result || (key == "join" && result->port == 0))
    refuse(key, value,
           "it must be HOST:PORT, such as 127.0.0.1:7000 or [::1]:7000");
  return *result;
}

duration node_option_reader::length_of(const char* key) const {
  duration result{};
  if (auto rule = read_value(text_of(key), result))
    refuse(key, text_of(key), *rule);
  return result;
}

std::optional<journal_sync> node_option_reader::journal_of() const {
  if (given_.count("journal") == 0) {
    if (given_["data"].defaulted())
      return std::nullopt;
    return journal_sync::full;
  }
  auto text = text_of("journal");
  if (text == "full")
    return journal_sync::full;
  if (text == "relaxed")
    return journal_sync::relaxed;
  if (text != "off")
    refuse("journal", text, "it must be full, relaxed or off");
  return std::nullopt;
}

void node_option_reader::read_addresses(node_options& result) const {
  if (given_.count("listen") != 0)
    result.listen = address_of("listen", text_of("listen"));
  if (given_.count("advertise") != 0) {
    auto text = text_of("advertise");
    result.advertise = address_of("advertise", text);
    if (!result.listen)
      refuse("advertise", text, "it must come with --listen");
    if (is_any_address(*result.advertise))
      refuse("advertise", text, "it must be an address that can be dialled");
  } else if (result.listen && is_any_address(*result.listen)) {
    refuse("listen", text_of("listen"),
           "it must come with --advertise=HOST:PORT, an address at which other "
           "nodes reach this one");
  }
  if (given_.count("join") != 0)
    for (const auto& peer : given_["join"].as<std::vector<std::string>>())
      result.join.push_back(address_of("join", peer));
}

void node_option_reader::read_admin(node_options& result) const {
  if (given_.count("admin") == 0)
    return;
  auto text = text_of("admin");
  result.admin = address_of("admin", text);
  if (!is_loopback(result.admin->host))
    refuse("admin", text,
           "it must be an address of this machine alone, 127.0.0.1, [::1] or "
           "localhost: there is no TLS yet");
}

void node_option_reader::read_voters(node_options& result) const {
  result.lease = length_of("lease");
  if (result.lease < lease_times::lease_min
      || result.lease > lease_times::lease_max)
    refuse("lease", text_of("lease"),
           "it must be " + to_text(lease_times::lease_min) + " to "
             + to_text(lease_times::lease_max) + " long");
  if (given_.count("voters") == 0)
    return;
  auto text = text_of("voters");
  size_t begin = 0;
  // One more than there may be is enough to refuse it.
  while (begin <= text.size() && result.voters.size() <= voters_max) {
    auto end = std::min(text.find(',', begin), text.size());
    result.voters.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (auto rule = check_voters(result.voters))
    refuse("voters", text, *rule);
  if (!result.listen && result.join.empty())
    refuse("voters", text, "it must come with --listen or --join");
  std::sort(result.voters.begin(), result.voters.end());
}

node_options node_option_reader::read() const {
  node_options result;
  result.name = text_of("name");
  if (auto complaint =
        validate_name(origins_.shown("name", result.name), result.name))
    throw config_error{*complaint};
  result.cluster = text_of("cluster");
  if (auto complaint = validate_name(origins_.shown("cluster", result.cluster),
                                     result.cluster))
    throw config_error{*complaint};
  read_addresses(result);
  read_admin(result);
  read_voters(result);
  read_trust(result);
  result.data = text_of("data");
  result.data_given = !given_["data"].defaulted();
  result.journal = journal_of();
  read_log(result);
  result.drain = length_of("drain");
  read_bulkheads(result);
  read_alerts(result);
  read_warnings(result);
  result.chaos = given_["chaos"].as<bool>();
  return result;
}

void node_option_reader::read_log(node_options& result) const {
  auto level = parse_log_level(text_of("log-level"));
  if (!level)
    refuse("log-level", text_of("log-level"),
           "it must be info, warn, error or crit");
  result.level = *level;
  auto format = parse_log_format(text_of("log-format"));
  if (!format)
    refuse("log-format", text_of("log-format"), "it must be text or json");
  result.format = *format;
}

void node_option_reader::read_bulkheads(node_options& result) const {
  result.bulkhead_sample = length_of("bulkhead-sample");
  if (result.bulkhead_sample == duration::zero())
    refuse("bulkhead-sample", text_of("bulkhead-sample"),
           "it must be longer than 0ms");
  result.bulkhead_monitoring = switch_of("bulkhead-monitoring");
}

bool node_option_reader::switch_of(const char* key) const {
  auto text = text_of(key);
  if (text != "true" && text != "false")
    refuse(key, text, "it must be true or false");
  return text == "true";
}

void node_option_reader::read_warnings(node_options& result) const {
  constexpr std::chrono::milliseconds least{10};
  result.warnings = switch_of("warnings");
  result.warning_sample = length_of("warning-sample");
  if (result.warning_sample < least)
    refuse("warning-sample", text_of("warning-sample"),
           "it must be 10ms or longer");
}

void node_option_reader::read_alerts(node_options& result) const {
  using texts = std::vector<std::string>;
  if (given_.count("objective") != 0) {
    // What is not named keeps the objective that it has without any.
    auto others = std::exchange(result.objectives, {});
    for (const auto& text : given_["objective"].as<texts>()) {
      objective each;
      if (auto rule = read_objective(text, each))
        refuse("objective", text, *rule);
      result.objectives.push_back(std::move(each));
    }
    result.objectives.insert(result.objectives.end(), others.begin(),
                             others.end());
  }
  if (given_.count("alert") != 0)
    for (const auto& text : given_["alert"].as<texts>()) {
      threshold_rule each;
      if (auto rule = read_alert(text, each))
        refuse("alert", text, *rule);
      for (const auto& other : result.alerts)
        if (other.name == each.name)
          refuse("alert", text, "its name must not be that of another alert");
      result.alerts.push_back(std::move(each));
    }
  if (given_.count("alert-command") != 0)
    result.alert_command = text_of("alert-command");
  if (given_.count("alert-url") != 0) {
    result.alert_url = text_of("alert-url");
    if (auto rule = check_hook_url(result.alert_url))
      refuse("alert-url", result.alert_url, *rule);
  }
}

} // namespace bulwark::detail
