#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/descriptions.hpp>
#include <bulwark/options/detail/node_option_reader.hpp>
#include <bulwark/options/detail/option_file.hpp>
#include <bulwark/options/detail/read_options.hpp>

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
                       po::variables_map& given, given_options& result) {
  po::options_description all;
  all.add(known).add(overrides_in(arguments));
  try {
    auto parsed = po::command_line_parser{arguments}
                    .options(all)
                    .positional({})
                    .style(unix_style & ~allow_guessing)
                    .run();
    take_overrides(parsed, result);
    po::store(parsed, given);
  } catch (const po::unknown_option& e) {
    auto name = e.get_option_name();
    throw config_error{"unknown option " + name.substr(0, name.find('='))
                       + "; see --help"};
  } catch (const po::too_many_positional_options_error&) {
    throw config_error{"an argument that is no option; see --help"};
  } catch (const po::error& e) {
    throw config_error{e.what()};
  }
}

detail::file_origins read_file(const std::string& path,
                               const po::options_description& known,
                               po::variables_map& given,
                               given_options& result) {
  detail::file_origins origins;
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
    auto before = given.find(each.key);
    if (before == given.end() || before->second.defaulted())
      origins.add(each, shown);
    parsed.options.emplace_back(each.key, std::vector{each.value});
  }
  try {
    po::store(parsed, given);
  } catch (const po::error_with_option_name& e) {
    auto name = e.get_option_name();
    name.erase(0, std::min(name.find_first_not_of('-'), name.size()));
    throw config_error{origins.place(name, path) + ": " + e.what()};
  } catch (const po::error& e) {
    throw config_error{path + ": " + e.what()};
  }
  return origins;
}

} // namespace

given_options read_options(const std::vector<std::string>& arguments,
                           const application& app) {
  auto in_file = detail::file_options(app);
  po::options_description anywhere;
  anywhere.add(detail::command_options()).add(in_file);
  given_options result;
  po::variables_map given;
  read_command_line(arguments, anywhere, given, result);
  if (given.count("help") != 0)
    result.mode = program_mode::help;
  else if (given.count("version") != 0)
    result.mode = program_mode::version;
  if (result.mode != program_mode::run)
    return result;
  detail::file_origins origins;
  if (given.count("config") != 0)
    origins =
      read_file(given["config"].as<std::string>(), in_file, given, result);
  try {
    po::notify(given);
  } catch (const std::exception& e) {
    throw config_error{e.what()};
  }
  result.node = detail::node_option_reader{given, origins}.read();
  result.program = detail::read_program_values(app.options, given, origins);
  return result;
}

} // namespace bulwark
