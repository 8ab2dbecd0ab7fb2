#include <bulwark/ledger/detail/text_table.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/program/detail/node_access.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <nlohmann/json.hpp>

#include <iostream>
#include <stdexcept>

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using nlohmann::json;

po::options_description status_options() {
  po::options_description result{"Options"};
  add_access_options(result);
  result.add_options()(
    "probe", po::value<std::string>()->value_name("NAME"),
    "only whether it is live, ready or started: live, ready or startup; exit "
    "code 1 when it is not");
  return result;
}

int probe_node(const node_access& whom, const std::string& name) {
  if (name != "live" && name != "ready" && name != "startup")
    throw config_error{"--probe is " + bulwark::quoted(name)
                       + "; it must be live, ready or startup"};
  auto reply = ask_anyhow(whom, "/health/" + name);
  std::cout << one_line(reply.text.substr(0, reply.text.find('\n'))) << '\n';
  return reply.status == 200 ? 0 : exit_refused;
}

std::string names_in(const json& list) {
  std::string result;
  for (const auto& each : list)
    result += (result.empty() ? "" : ",") + one_line(each.get<std::string>());
  return result.empty() ? "-" : result;
}

/// A line for the node, and a row for each service.
std::string status_text(const json& health) {
  text_table table{{"service", "state", "where", "replicas", "peers",
                    "in flight", "waiting", "lacks", "does without"}};
  for (const auto& each : health.at("services")) {
    auto here = text_at(each, "where") == "here";
    table.add(
      {text_at(each, "service"), text_at(each, "state"), text_at(each, "where"),
       here
         ? number_at(each, "replicas_up") + " of " + number_at(each, "replicas")
         : "-",
       number_at(each, "peers_up"), number_at(each, "in_flight"),
       number_at(each, "waiting"), names_in(each.at("required_down")),
       names_in(each.at("optional_down"))});
  }
  return "node " + text_at(health, "node") + ": " + text_at(health, "phase")
         + ", journal " + text_at(health, "journal") + "\n\n" + table.text();
}

} // namespace

int status(const std::vector<std::string>& arguments) {
  auto given = read_arguments("status",
                              "Prints how a node that runs is doing, and its "
                              "services.",
                              status_options(), arguments);
  if (!given)
    return 0;
  auto as_json = wants_json(*given);
  auto whom = find_node(*given);
  if (given->count("probe") != 0)
    return probe_node(whom, (*given)["probe"].as<std::string>());
  auto reply = ask_node(whom, "/api/health");
  try {
    auto text = status_text(reply.body);
    std::cout << (as_json ? reply.text : text);
  } catch (const json::exception&) {
    throw std::runtime_error{"what answers at " + to_string(whom.where)
                             + " is no node"};
  }
  return 0;
}

} // namespace bulwark::program
