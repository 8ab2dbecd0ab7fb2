#include <bulwark/ledger/ledger.hpp>
#include <bulwark/ledger/report_json.hpp>
#include <bulwark/ledger/report_text.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/alert_text.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/program/detail/journal_files.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <chrono>
#include <iostream>
#include <set>
#include <utility>

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using texts = std::vector<std::string>;

po::options_description known() {
  po::options_description result{"Options"};
  result.add_options()(
    "data", po::value<texts>()->multitoken()->required()->value_name("DIR..."),
    "folders of nodes: all journals in them are read as one")(
    "format",
    po::value<std::string>()->default_value("text")->value_name("FORMAT"),
    "text or json")(
    "window",
    po::value<std::string>()->default_value("24h")->value_name("TIME"),
    "one more window over which availability is told")(
    "component", po::value<std::string>()->value_name("ID"),
    "only components of this id or path; * stands for any characters")(
    "at", po::value<std::string>()->value_name("TIME"),
    "as of that time, 2026-11-21T19:30:00Z or seconds since 1970; now, if it "
    "is not given")("objective",
                    po::value<texts>()->value_name("SERVICE=SHARE%[/TIME]"),
                    "how much of the time a service is to be up; many times")(
    "without-experiments", po::bool_switch(),
    "leaves out what happened while experiments went on");
  return result;
}

[[noreturn]] void refuse(const std::string& option, const std::string& value,
                         const std::string& rule) {
  throw config_error{"--" + option + " is " + bulwark::quoted(value) + "; "
                     + rule};
}

report_query query_of(const po::variables_map& given) {
  report_query result;
  auto window = given["window"].as<std::string>();
  auto length = parse_duration(window);
  if (!length || *length <= duration::zero())
    refuse("window", window, std::string{duration_rule});
  result.window = *length;
  if (given.count("component") != 0)
    result.component = given["component"].as<std::string>();
  if (given.count("objective") == 0)
    return result;
  auto others = std::exchange(result.objectives, {});
  for (const auto& text : given["objective"].as<texts>()) {
    objective each;
    if (auto rule = detail::read_objective(text, each))
      refuse("objective", text, *rule);
    result.objectives.push_back(std::move(each));
  }
  result.objectives.insert(result.objectives.end(), others.begin(),
                           others.end());
  return result;
}

wall_time time_of(const po::variables_map& given) {
  if (given.count("at") == 0)
    return std::chrono::floor<wall_time::duration>(
      std::chrono::system_clock::now());
  auto text = given["at"].as<std::string>();
  if (auto result = parse_wall_time(text))
    return *result;
  refuse("at", text, wall_time_rule);
}

/// Adds all events up to `until`. What has been read in order is complete, so
/// that the ledger can close its hours and stays small.
void fold(merged_journals& from, wall_time until, bool without_experiments,
          ledger& into) {
  std::set<std::string> nodes;
  auto next_close = wall_time::min();
  while (auto what = from.next()) {
    auto at = ledger_time(*what);
    if (at > until)
      break;
    // It stays an event, so that its number is not missed.
    if (without_experiments && find_metadata(*what, "experiment"))
      what->kind = event_kind::change_applied;
    nodes.insert(what->node);
    into.add(*what);
    if (at < next_close)
      continue;
    next_close = at + std::chrono::hours{1};
    for (const auto& node : nodes)
      into.complete_until(node, at);
  }
}

} // namespace

int report(const std::vector<std::string>& arguments) {
  auto given = read_arguments(
    "report",
    "Prints what failed and recovered in a cluster: the same that each of its "
    "nodes\nanswers. The journals may belong to nodes that run.",
    known(), arguments);
  if (!given)
    return 0;
  auto format = (*given)["format"].as<std::string>();
  if (format != "text" && format != "json")
    refuse("format", format, "it must be text or json");
  auto query = query_of(*given);
  auto at = time_of(*given);
  merged_journals journals{find_journals((*given)["data"].as<texts>())};
  ledger known;
  fold(journals, at, (*given)["without-experiments"].as<bool>(), known);
  journals.tell_removed(known);
  auto result = known.report(at, query);
  std::cout << (format == "json" ? to_json(result) + '\n' : to_text(result));
  if (journals.skipped() > 0)
    std::cerr << "bulwark: " << journals.skipped()
              << " events of a newer version are left out\n";
  return 0;
}

} // namespace bulwark::program
