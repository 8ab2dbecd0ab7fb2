#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/program/detail/node_access.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <charconv>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

// The commands that change a node that runs.

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using nlohmann::json;
using texts = std::vector<std::string>;

/// What a change takes beside where the node is, why, and for how long.
struct change_command {
  const char* name;
  const char* words;

  /// Its words, in order: keys of the order.
  texts places = {};

  /// Whether it can be taken back, and so have a time to end.
  bool reversible = true;
};

const char* in_place_words(const std::string& key) {
  if (key == "bulkhead")
    return "the bulkhead's name";
  if (key == "child")
    return "a replica, such as orders#1, or a whole service";
  if (key == "service")
    return "the service's name";
  if (key == "replicas")
    return "how many it is to have";
  return "the change's number, see bulwark history";
}

po::options_description change_options(const change_command& of) {
  po::options_description result{"Options"};
  for (const auto& each : of.places)
    result.add_options()(
      each.c_str(), po::value<std::string>()->required()->value_name("WORD"),
      in_place_words(each));
  result.add_options()("reason", po::value<std::string>()->value_name("WORDS"),
                       "why, for those who read the log");
  if (of.reversible)
    result.add_options()("for", po::value<std::string>()->value_name("TIME"),
                         "takes itself back after that time, such as 10m");
  add_access_options(result);
  return result;
}

std::string user_name() {
  const auto* user = std::getenv("USER");
  return user == nullptr ? "" : std::string{user}.substr(0, 64);
}

json order_of(const po::variables_map& given) {
  json result = json::object();
  if (auto who = user_name(); !who.empty())
    result["who"] = one_line(who);
  for (const auto* key :
       {"reason", "for", "bulkhead", "level", "child", "service", "replicas"})
    if (given.count(key) != 0)
      result[key] = given[key].as<std::string>();
  return result;
}

void print_fields(const json& what) {
  for (const auto& each : what.value("fields", json::array()))
    std::cout << ": " << text_at(each, "field") << " " << text_at(each, "from")
              << " -> " << text_at(each, "to");
}

/// "change 3: bulkhead.api.isolation none -> all, until ..."
void print_change(const node_reply& reply, bool as_json) {
  if (as_json) {
    std::cout << reply.text;
    return;
  }
  std::cout << "change " << number_at(reply.body, "id") << ", "
            << text_at(reply.body, "what");
  print_fields(reply.body);
  if (reply.body.contains("until"))
    std::cout << ", until " << text_at(reply.body, "until");
  if (reply.status == 202)
    std::cout << "; it goes on, see bulwark history";
  std::cout << '\n';
}

int send_change(const po::variables_map& given, const char* word,
                const json& order) {
  auto as_json = wants_json(given);
  print_change(change_node(find_node(given), word, order), as_json);
  return 0;
}

int run_change(const change_command& what, const texts& arguments,
               po::options_description more = {}) {
  auto known = change_options(what);
  known.add(more);
  auto given =
    read_arguments(what.name, what.words, known, arguments, what.places);
  if (!given)
    return 0;
  return send_change(*given, what.name, order_of(*given));
}

} // namespace

int isolate(const texts& arguments) {
  po::options_description level;
  level.add_options()(
    "level",
    po::value<std::string>()->default_value("all")->value_name("LEVEL"),
    "whom it turns away: background, normal (and background) or all");
  return run_change({"isolate",
                     "Closes a bulkhead: who comes, or waits, is turned away; "
                     "what runs goes on.",
                     {"bulkhead"}},
                    arguments, level);
}

int drain(const texts& arguments) {
  return run_change({"drain",
                     "Closes a bulkhead to all, and tells by bulkhead_drained "
                     "when it is empty.",
                     {"bulkhead"}},
                    arguments);
}

int reopen(const texts& arguments) {
  return run_change({"reopen", "Ends an isolation or a drain.", {"bulkhead"}},
                    arguments);
}

int restart(const texts& arguments) {
  return run_change({"restart",
                     "Stops a child, if it runs, and starts it anew, with a "
                     "fresh window of restarts.",
                     {"child"},
                     false},
                    arguments);
}

int scale(const texts& arguments) {
  return run_change({"scale",
                     "Gives a service another number of replicas on this node.",
                     {"service", "replicas"}},
                    arguments);
}

int leave(const texts& arguments) {
  return run_change(
    {"leave", "Drains the node and stops it, as SIGTERM does.", {}, false},
    arguments);
}

int undo(const texts& arguments) {
  change_command what{"undo", "Takes a change back.", {"id"}, false};
  auto given = read_arguments(what.name, what.words, change_options(what),
                              arguments, what.places);
  if (!given)
    return 0;
  auto text = (*given)["id"].as<std::string>();
  uint64_t id = 0;
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, id);
  if (read.ec != std::errc{} || read.ptr != end)
    throw config_error{"id is " + bulwark::quoted(text)
                       + "; it must be the number of a change"};
  auto order = order_of(*given);
  order["id"] = id;
  return send_change(*given, what.name, order);
}

int set(const texts& arguments) {
  change_command what{"set",
                      "Sets fields that bulwark get lists: all of them, or "
                      "none when one is refused.\nFields are given as "
                      "FIELD=VALUE."};
  auto known = change_options(what);
  known.add_options()("field",
                      po::value<texts>()->required()->value_name("FIELD=VALUE"),
                      "a field and its value; many times");
  auto given =
    read_arguments(what.name, what.words, known, arguments, {"field..."});
  if (!given)
    return 0;
  auto order = order_of(*given);
  order["fields"] = json::object();
  for (const auto& each : (*given)["field"].as<texts>()) {
    auto mark = each.find('=');
    if (mark == std::string::npos)
      throw config_error{"field is " + bulwark::quoted(each)
                         + "; it must be FIELD=VALUE"};
    auto field = each.substr(0, mark);
    if (order["fields"].contains(field))
      throw config_error{"field " + bulwark::quoted(field) + " is given twice"};
    order["fields"][field] = each.substr(mark + 1);
  }
  return send_change(*given, what.name, order);
}

} // namespace bulwark::program
