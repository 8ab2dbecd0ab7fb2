#include <bulwark/ledger/detail/text_table.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/program/detail/node_access.hpp>

#include <chrono>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

// The commands that show one side of a node that runs.

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using nlohmann::json;
using texts = std::vector<std::string>;

constexpr std::chrono::seconds look_anew{2};

/// How a node's answer is shown to people. Throws json's errors for what a
/// node does not answer.
using shown = std::function<std::string(const json&)>;

std::string print_json_text(const node_reply& of) {
  return of.text;
}

void write_tree(const json& children, const std::string& indent,
                text_table& into) {
  for (const auto& each : children) {
    into.add({indent + text_at(each, "id"), text_at(each, "state"),
              number_at(each, "incarnation"), number_at(each, "restarts")});
    if (each.contains("children"))
      write_tree(each.at("children"), indent + "  ", into);
    if (each.contains("not_listed"))
      into.add({indent + "  and " + number_at(each, "not_listed") + " more", "",
                "", ""});
  }
}

std::string tree_text(const json& tree) {
  text_table table{{"child", "state", "start", "restarts"}};
  write_tree(tree.at("children"), "", table);
  return "node " + text_at(tree, "node") + "\n\n" + table.text();
}

/// What the ledger says of a node; null where it says nothing.
json figures_of(const json& report, const std::string& node) {
  auto all = report.find("component_analysis");
  if (all == report.end() || !all->is_object())
    return nullptr;
  auto found = all->find("node/" + node);
  return found == all->end() ? json{} : *found;
}

std::string percent_at(const json& from, const char* key) {
  auto found = from.find(key);
  return found == from.end() || !found->is_number()
           ? "-"
           : fixed(found->get<double>(), 2);
}

/// `report`: what else is known of them; null: nothing.
std::string members_text(const json& members, const json& report) {
  text_table table{{"node", "state", "since", "address", "failures",
                    "availability 24h", "reason"}};
  auto add = [&](const std::string& node, const json& each) {
    auto figures = figures_of(report, node);
    auto state = text_at(each, "state");
    if (each.value("lost", false))
      state += ", lost";
    auto reason = text_at(each, "reason");
    table.add(
      {node, state,
       each.contains("since_s") ? number_at(each, "since_s") + "s" : "-",
       text_at(each, "address"),
       figures.is_null() ? "-" : number_at(figures, "failure_count"),
       figures.is_null() ? "-" : percent_at(figures, "availability_24h"),
       reason.empty() ? "-" : reason});
  };
  add(text_at(members, "node"), json{{"state", "this one"}});
  for (const auto& each : members.at("members"))
    add(text_at(each, "node"), each);
  return table.text();
}

std::string settings_text(const json& settings) {
  text_table table{{"field", "value", "it must be"}};
  for (const auto& each : settings.at("settings"))
    table.add(
      {text_at(each, "field"), text_at(each, "value"), text_at(each, "rule")});
  return table.text();
}

std::string fields_text(const json& what) {
  std::string result;
  for (const auto& each : what.value("fields", json::array()))
    result += (result.empty() ? "" : ", ") + text_at(each, "field") + " "
              + text_at(each, "from") + " -> " + text_at(each, "to");
  return result.empty() ? "-" : result;
}

std::string history_text(const json& history) {
  text_table table{{"id", "at", "who", "what", "state", "until", "fields"}};
  for (const auto& each : history.at("changes"))
    table.add({number_at(each, "id"), text_at(each, "at"), text_at(each, "who"),
               text_at(each, "what"), text_at(each, "state"),
               text_at(each, "until"), fields_text(each)});
  return table.text();
}

std::string services_text(const json& health) {
  text_table table{
    {"service", "state", "replicas", "peers", "in flight", "waiting"}};
  for (const auto& each : health.at("services"))
    table.add(
      {text_at(each, "service"), text_at(each, "state"),
       number_at(each, "replicas_up") + " of " + number_at(each, "replicas"),
       number_at(each, "peers_up"), number_at(each, "in_flight"),
       number_at(each, "waiting")});
  return "node " + text_at(health, "node") + ": " + text_at(health, "phase")
         + ", journal " + text_at(health, "journal") + "\n\n" + table.text();
}

std::string bulkheads_text(const json& all) {
  text_table table{
    {"bulkhead", "state", "isolation", "in use", "waiting", "refusals"}};
  for (const auto& each : all.at("bulkheads"))
    table.add(
      {text_at(each, "bulkhead"), text_at(each, "state"),
       each.value("draining", false) ? "draining" : text_at(each, "isolation"),
       number_at(each, "in_use") + " of " + number_at(each, "limit"),
       number_at(each, "waiting"), number_at(each, "refusals")});
  return table.text();
}

std::string as_shown(const node_access& whom, const json& body,
                     const shown& how) {
  try {
    return how(body);
  } catch (const json::exception&) {
    throw std::runtime_error{"what answers at " + to_string(whom.where)
                             + " is no node"};
  }
}

int look_at(const char* command, const char* words, const texts& arguments,
            const std::string& path, const shown& how) {
  po::options_description known{"Options"};
  add_access_options(known);
  auto given = read_arguments(command, words, known, arguments);
  if (!given)
    return 0;
  auto as_json = wants_json(*given);
  auto whom = find_node(*given);
  auto reply = ask_node(whom, path);
  auto text = as_shown(whom, reply.body, how);
  std::cout << (as_json ? print_json_text(reply) : text);
  return 0;
}

void print_top(const node_access& whom, bool as_json) {
  auto health = ask_node(whom, "/api/health").body;
  auto bulkheads = ask_node(whom, "/api/bulkheads").body;
  auto text = as_shown(whom, health, services_text);
  auto below = as_shown(whom, bulkheads, bulkheads_text);
  if (!as_json) {
    std::cout << text;
    if (!bulkheads.at("bulkheads").empty())
      std::cout << '\n' << below;
    std::cout << std::flush;
    return;
  }
  health["bulkheads"] = bulkheads.at("bulkheads");
  std::cout << health.dump() << std::endl;
}

} // namespace

int tree(const texts& arguments) {
  return look_at("tree", "Prints the supervisors of a node and their children.",
                 arguments, "/api/tree", tree_text);
}

int members(const texts& arguments) {
  po::options_description known{"Options"};
  add_access_options(known);
  auto given =
    read_arguments("members",
                   "Prints the nodes of the cluster, as the one that "
                   "is asked knows them.",
                   known, arguments);
  if (!given)
    return 0;
  auto as_json = wants_json(*given);
  auto whom = find_node(*given);
  auto reply = ask_node(whom, "/api/members");
  // A node that reads its journal has no report yet.
  auto report = ask_anyhow(whom, "/api/report?component=node/*");
  auto text = as_shown(whom, reply.body, [&](const json& all) {
    return members_text(all, report.status == 200 ? report.body : json{});
  });
  std::cout << (as_json ? print_json_text(reply) : text);
  return 0;
}

int get(const texts& arguments) {
  return look_at("get", "Prints what can be set while the node runs.",
                 arguments, "/api/settings", settings_text);
}

int history(const texts& arguments) {
  return look_at("history",
                 "Prints the latest changes of a node since its start.",
                 arguments, "/api/history", history_text);
}

int top(const texts& arguments) {
  po::options_description known{"Options"};
  known.add_options()("follow", po::bool_switch(),
                      "again every 2 s, until Ctrl-C");
  add_access_options(known);
  auto given = read_arguments("top", "Prints services and bulkheads of a node.",
                              known, arguments);
  if (!given)
    return 0;
  auto as_json = wants_json(*given);
  auto whom = find_node(*given);
  print_top(whom, as_json);
  while ((*given)["follow"].as<bool>() && std::cout) {
    std::this_thread::sleep_for(look_anew);
    std::cout << (as_json ? "" : "\n");
    print_top(whom, as_json);
  }
  return 0;
}

} // namespace bulwark::program
