#include <bulwark/log/format.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/program/detail/event_follower.hpp>
#include <bulwark/program/detail/journal_files.hpp>
#include <bulwark/program/detail/node_access.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <chrono>
#include <iostream>
#include <thread>

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using texts = std::vector<std::string>;

constexpr std::chrono::milliseconds look_again{200};

po::options_description known() {
  po::options_description result{"Options"};
  result.add_options()(
    "data", po::value<texts>()->multitoken()->value_name("DIR..."),
    "folders of nodes; with --follow one that holds one journal")(
    "admin", po::value<std::string>()->value_name("HOST:PORT"),
    "with --follow: what a node that runs tells, instead of a journal")(
    "format",
    po::value<std::string>()->default_value("text")->value_name("FORMAT"),
    "text or json")("follow", po::bool_switch(),
                    "go on with what comes, until Ctrl-C");
  return result;
}

void print(const event& what, log_format format) {
  std::cout << log_line(format, what) << '\n';
}

/// In the order in which the journal got them.
int follow(const std::filesystem::path& path, log_format format) {
  journal_reader reader{path};
  auto cursor = reader.follow();
  while (std::cout) {
    auto more = cursor.next();
    for (const auto& each : more)
      print(each, format);
    std::cout << std::flush;
    if (more.empty())
      std::this_thread::sleep_for(look_again);
  }
  return 0;
}

int follow_admin(const po::variables_map& given, const std::string& format) {
  if (!given["follow"].as<bool>() || given.count("data") != 0)
    throw config_error{
      "events: --admin comes with --follow and without --data; "
      "/api/events of the node has its latest ones"};
  follow_node([&] { return find_node(given); }, format);
  return 0;
}

} // namespace

int events(const std::vector<std::string>& arguments) {
  auto given = read_arguments("events",
                              "Prints the events of journals as lines of a "
                              "log, in the order of time.",
                              known(), arguments);
  if (!given)
    return 0;
  auto text = (*given)["format"].as<std::string>();
  auto format = parse_log_format(text);
  if (!format)
    throw config_error{"--format is " + bulwark::quoted(text)
                       + "; it must be text or json"};
  if (given->count("admin") != 0)
    return follow_admin(*given, text);
  if (given->count("data") == 0)
    throw config_error{"events: give --data=DIR, or --admin=HOST:PORT and "
                       "--follow"};
  auto paths = find_journals((*given)["data"].as<texts>());
  if ((*given)["follow"].as<bool>()) {
    if (paths.size() != 1)
      throw config_error{"--follow reads one journal; there are "
                         + std::to_string(paths.size())};
    return follow(paths.front(), *format);
  }
  merged_journals journals{paths};
  std::optional<event> last;
  while (auto what = journals.next()) {
    auto again = last && last->node == what->node && last->boot == what->boot
                 && last->sequence == what->sequence;
    if (!again)
      print(*what, *format);
    last = std::move(what);
  }
  return 0;
}

} // namespace bulwark::program
