#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/descriptions.hpp>
#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/options/detail/option_file.hpp>
#include <bulwark/options/read_options.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace bulwark {

namespace {

namespace po = boost::program_options;

using po::command_line_style::allow_guessing;
using po::command_line_style::unix_style;

bool is_override(std::string_view key) {
  return policy_overrides::is_key(key) || caf_options::is_key(key);
}

/// Overrides are not known beforehand; those on the command line are made
/// known, so that `--key value` is read like `--key=value`.
po::options_description
overrides_in(const std::vector<std::string>& arguments) {
  po::options_description result;
  for (const auto& argument : arguments) {
    if (argument == "--")
      break;
    if (!argument.starts_with("--"))
      continue;
    auto key = argument.substr(2, argument.find('=') - 2);
    auto known = result.find_nothrow(key, false) != nullptr;
    if (is_override(key) && !known)
      result.add_options()(key.c_str(), po::value<std::vector<std::string>>());
  }
  return result;
}

void add_override(override_source source, const std::string& key,
                  const std::string& value, const std::string& shown,
                  given_options& result) {
  if (caf_options::is_key(key))
    result.caf.add(source, key, value, shown);
  else
    result.overrides.add(source, key, value, shown);
}

/// Moves overrides from `parsed` to `result`.
void take_overrides(po::parsed_options& parsed, given_options& result) {
  std::vector<po::option> rest;
  for (auto& each : parsed.options) {
    if (!is_override(each.string_key)) {
      rest.push_back(std::move(each));
      continue;
    }
    for (const auto& value : each.value)
      add_override(override_source::command_line, each.string_key, value,
                   "--" + each.string_key, result);
  }
  parsed.options = std::move(rest);
}

void read_command_line(const std::vector<std::string>& arguments,
                       const po::options_description& known,
                       given_options& result) {
  po::options_description all;
  all.add(known).add(overrides_in(arguments));
  try {
    auto parsed = po::command_line_parser{arguments}
                    .options(all)
                    .positional({})
                    .style(unix_style & ~allow_guessing)
                    .run();
    take_overrides(parsed, result);
    po::store(parsed, result.program);
  } catch (const po::unknown_option& e) {
    auto given = e.get_option_name();
    throw config_error{"unknown option " + given.substr(0, given.find('='))
                       + "; see --help"};
  } catch (const po::too_many_positional_options_error&) {
    throw config_error{"an argument that is no option; see --help"};
  } catch (const po::error& e) {
    throw config_error{e.what()};
  }
}

/// Where a file said what.
class file_origins {
public:
  void add(const detail::file_entry& entry, std::string shown) {
    all_.push_back({entry.key, entry.value, std::move(shown)});
  }

  /// Returns the key as who gave that value knows it.
  std::string shown(const std::string& key, const std::string& value) const {
    for (const auto& each : all_)
      if (each.key == key && each.value == value)
        return each.shown;
    return "--" + key;
  }

  /// Returns where the last entry of that option is, for a text to follow.
  std::string place(const std::string& key, const std::string& path) const {
    auto at = std::find_if(all_.rbegin(), all_.rend(),
                           [&](const auto& each) { return each.key == key; });
    if (at == all_.rend())
      return path;
    return at->shown.substr(0, at->shown.size() - key.size() - 2);
  }

private:
  struct origin {
    std::string key;
    std::string value;
    std::string shown;
  };

  std::vector<origin> all_;
};

file_origins read_file(const std::string& path,
                       const po::options_description& known,
                       given_options& result) {
  file_origins origins;
  po::parsed_options parsed{&known};
  auto text = detail::option_file_text(path);
  for (const auto& each : detail::parse_option_file(text, path)) {
    auto shown = path + ":" + std::to_string(each.line) + ": " + each.key;
    if (is_override(each.key)) {
      add_override(override_source::file, each.key, each.value, shown, result);
      continue;
    }
    if (known.find_nothrow(each.key, false) == nullptr)
      throw config_error{"unknown option " + shown + "; see --help"};
    auto given = result.program.find(each.key);
    if (given == result.program.end() || given->second.defaulted())
      origins.add(each, shown);
    parsed.options.emplace_back(each.key, std::vector{each.value});
  }
  try {
    po::store(parsed, result.program);
  } catch (const po::error_with_option_name& e) {
    auto name = e.get_option_name();
    name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
    throw config_error{origins.place(name, path) + ": " + e.what()};
  } catch (const po::error& e) {
    throw config_error{path + ": " + e.what()};
  }
  return origins;
}

/// The node's own options, each of which can be said where it was given.
class node_option_reader {
public:
  node_option_reader(const po::variables_map& given,
                     const file_origins& origins)
    : given_(given), origins_(origins) {}

  node_options read() const;

private:
  std::string text_of(const char* key) const {
    return given_[key].as<std::string>();
  }

  [[noreturn]] void refuse(const std::string& key, const std::string& value,
                           std::string_view rule) const {
    throw config_error{origins_.shown(key, value) + " is "
                       + bulwark::quoted(value) + "; " + std::string{rule}};
  }

  host_port address_of(const std::string& key, const std::string& value) const {
    auto result = parse_host_port(value);
    if (!result || (key == "join" && result->port == 0))
      refuse(key, value,
             "it must be HOST:PORT, such as 127.0.0.1:7000 or [::1]:7000");
    return *result;
  }

  duration length_of(const char* key) const {
    duration result{};
    if (auto rule = detail::read_value(text_of(key), result))
      refuse(key, text_of(key), *rule);
    return result;
  }

  void read_addresses(node_options& result) const;

  const po::variables_map& given_;
  const file_origins& origins_;
};

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

node_options node_option_reader::read() const {
  node_options result;
  result.name = text_of("name");
  if (auto complaint =
        validate_name(origins_.shown("name", result.name), result.name))
    throw config_error{*complaint};
  read_addresses(result);
  result.data = text_of("data");
  auto level = parse_log_level(text_of("log-level"));
  if (!level)
    refuse("log-level", text_of("log-level"),
           "it must be info, warn, error or crit");
  result.level = *level;
  auto format = parse_log_format(text_of("log-format"));
  if (!format)
    refuse("log-format", text_of("log-format"), "it must be text or json");
  result.format = *format;
  result.drain = length_of("drain");
  result.bulkhead_sample = length_of("bulkhead-sample");
  if (result.bulkhead_sample == duration::zero())
    refuse("bulkhead-sample", text_of("bulkhead-sample"),
           "it must be longer than 0ms");
  auto monitoring = text_of("bulkhead-monitoring");
  if (monitoring != "true" && monitoring != "false")
    refuse("bulkhead-monitoring", monitoring, "it must be true or false");
  result.bulkhead_monitoring = monitoring == "true";
  return result;
}

} // namespace

given_options read_options(const std::vector<std::string>& arguments,
                           const application& app) {
  auto in_file = detail::file_options(app);
  po::options_description anywhere;
  anywhere.add(detail::command_options()).add(in_file);
  given_options result;
  read_command_line(arguments, anywhere, result);
  if (result.program.count("help") != 0)
    result.wish = program_wish::help;
  else if (result.program.count("version") != 0)
    result.wish = program_wish::version;
  if (result.wish != program_wish::run)
    return result;
  file_origins origins;
  if (result.program.count("config") != 0)
    origins =
      read_file(result.program["config"].as<std::string>(), in_file, result);
  try {
    po::notify(result.program);
  } catch (const std::exception& e) {
    throw config_error{e.what()};
  }
  result.node = node_option_reader{result.program, origins}.read();
  return result;
}

} // namespace bulwark
