#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/caf_options.hpp>
#include <bulwark/options/detail/caf_settings.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <algorithm>

namespace bulwark {

namespace {

constexpr std::string_view prefix = "caf.";

} // namespace

bool caf_options::is_key(std::string_view key) {
  return key.starts_with(prefix);
}

std::vector<std::string> caf_options::names() {
  return detail::caf_settings{}.names();
}

void caf_options::add(override_source source, const std::string& key,
                      const std::string& value, const std::string& shown) {
  auto name = key.substr(prefix.size());
  detail::caf_settings scratch;
  auto all = scratch.names();
  if (std::find(all.begin(), all.end(), name) == all.end())
    throw config_error{"unknown option " + shown + "; see --help"};
  if (auto rule = scratch.set_text(name, value))
    throw config_error{shown + " is " + bulwark::quoted(value) + "; " + *rule};
  for (const auto& each : entries_)
    if (each.source == source && each.name == name)
      throw config_error{shown + " is given more than once"};
  entries_.push_back({source, name, value});
}

void caf_options::apply(detail::caf_settings& config) const {
  for (auto from : {override_source::file, override_source::command_line})
    for (const auto& each : entries_)
      if (each.source == from)
        static_cast<void>(config.set_text(each.name, each.value));
}

} // namespace bulwark
