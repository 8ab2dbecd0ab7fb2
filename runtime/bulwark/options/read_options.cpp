#include <bulwark/config_error.hpp>
#include <bulwark/duration_text.hpp>
#include <bulwark/log_text.hpp>
#include <bulwark/options/detail/descriptions.hpp>
#include <bulwark/options/read_options.hpp>
#include <bulwark/validate.hpp>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

namespace bulwark {

namespace {

namespace po = boost::program_options;

using po::command_line_style::allow_guessing;
using po::command_line_style::unix_style;

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
    if (policy_overrides::is_key(key) && !known)
      result.add_options()(key.c_str(), po::value<std::vector<std::string>>());
  }
  return result;
}

/// Moves what belongs there from `parsed` to `overrides`.
void take_overrides(po::parsed_options& parsed, override_source source,
                    const std::string& prefix, policy_overrides& overrides) {
  std::vector<po::option> rest;
  for (auto& each : parsed.options) {
    if (policy_overrides::is_key(each.string_key)) {
      for (const auto& value : each.value)
        overrides.add(source, each.string_key, value, prefix + each.string_key);
    } else if (each.unregistered) {
      throw config_error{"unknown option " + prefix + each.string_key
                         + "; see --help"};
    } else {
      rest.push_back(std::move(each));
    }
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
    take_overrides(parsed, override_source::command_line, "--",
                   result.overrides);
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

void read_file(const std::string& path, const po::options_description& known,
               given_options& result) {
  std::ifstream in{path};
  if (!in)
    throw config_error{"--config is " + bulwark::quoted(path)
                       + "; it cannot be read: " + std::strerror(errno)};
  try {
    auto parsed = po::parse_config_file(in, known, true);
    take_overrides(parsed, override_source::file, path + ": ",
                   result.overrides);
    po::store(parsed, result.program);
  } catch (const po::error& e) {
    throw config_error{path + ": " + e.what()};
  }
}

std::string text_of(const po::variables_map& given, const char* key) {
  return given[key].as<std::string>();
}

[[noreturn]] void refuse(const std::string& key, const std::string& value,
                         std::string_view rule) {
  throw config_error{"--" + key + " is " + bulwark::quoted(value) + "; "
                     + std::string{rule}};
}

host_port address_of(const std::string& key, const std::string& value) {
  auto result = parse_host_port(value);
  if (!result || (key == "join" && result->port == 0))
    refuse(key, value,
           "it must be HOST:PORT, such as 127.0.0.1:7000 or [::1]:7000");
  return *result;
}

duration length_of(const std::string& key, const std::string& value) {
  auto result = parse_duration(value);
  if (!result)
    refuse(key, value, duration_rule);
  if (*result > option_duration_max)
    refuse(key, value,
           "it must be at most " + to_text(option_duration_max) + " long");
  return *result;
}

node_options node_options_in(const po::variables_map& given) {
  node_options result;
  result.name = text_of(given, "name");
  if (auto complaint = validate_name("--name", result.name))
    throw config_error{*complaint};
  if (given.count("listen") != 0)
    result.listen = address_of("listen", text_of(given, "listen"));
  if (given.count("join") != 0)
    for (const auto& peer : given["join"].as<std::vector<std::string>>())
      result.join.push_back(address_of("join", peer));
  result.data = text_of(given, "data");
  auto level = parse_log_level(text_of(given, "log-level"));
  if (!level)
    refuse("log-level", text_of(given, "log-level"),
           "it must be info, warn, error or crit");
  result.level = *level;
  auto format = parse_log_format(text_of(given, "log-format"));
  if (!format)
    refuse("log-format", text_of(given, "log-format"),
           "it must be text or json");
  result.format = *format;
  result.drain = length_of("drain", text_of(given, "drain"));
  result.bulkhead_sample =
    length_of("bulkhead-sample", text_of(given, "bulkhead-sample"));
  if (result.bulkhead_sample == duration::zero())
    refuse("bulkhead-sample", text_of(given, "bulkhead-sample"),
           "it must be longer than 0ms");
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
  if (result.program.count("config") != 0)
    read_file(text_of(result.program, "config"), in_file, result);
  try {
    po::notify(result.program);
  } catch (const std::exception& e) {
    throw config_error{e.what()};
  }
  result.node = node_options_in(result.program);
  return result;
}

} // namespace bulwark
