#include <bulwark/http/client.hpp>
#include <bulwark/ledger/detail/text_table.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using nlohmann::json;

/// A node answers within 2 s, be it by 503.
constexpr std::chrono::seconds answer_patience{5};

po::options_description status_options() {
  po::options_description result{"Options"};
  result.add_options()(
    "admin", po::value<std::string>()->required()->value_name("HOST:PORT"),
    "where the node tells how it is doing: its own --admin")(
    "format",
    po::value<std::string>()->default_value("text")->value_name("FORMAT"),
    "text or json")(
    "probe", po::value<std::string>()->value_name("NAME"),
    "only whether it is live, ready or started: live, ready or startup; exit "
    "code 1 when it is not");
  return result;
}

[[noreturn]] void refuse_value(const char* option, const std::string& value,
                               const char* rule) {
  throw config_error{"--" + std::string{option} + " is "
                     + bulwark::quoted(value) + "; it must be " + rule};
}

host_port node_address(const po::variables_map& given) {
  auto text = given["admin"].as<std::string>();
  auto result = parse_host_port(text);
  if (!result || result->port == 0)
    refuse_value("admin", text, "HOST:PORT, such as 127.0.0.1:7070");
  return *result;
}

http_reply ask_node(const host_port& where, const std::string& path) {
  try {
    http_client client{where.host, where.port};
    return client.request("GET", path, "", answer_patience);
  } catch (const http_error& e) {
    throw std::runtime_error{"no node is reached at " + to_string(where) + ": "
                             + e.what()};
  }
}

int probe_node(const host_port& where, const std::string& name) {
  if (name != "live" && name != "ready" && name != "startup")
    refuse_value("probe", name, "live, ready or startup");
  auto reply = ask_node(where, "/health/" + name);
  std::cout << one_line(reply.body.substr(0, reply.body.find('\n'))) << '\n';
  return reply.status == 200 ? 0 : exit_refused;
}

std::string names_in(const json& list) {
  std::string result;
  for (const auto& each : list)
    result += (result.empty() ? "" : ",") + one_line(each.get<std::string>());
  return result.empty() ? "-" : result;
}

std::string text_of(const json& what, const char* key) {
  return one_line(what.at(key).get<std::string>());
}

std::string number_of(const json& what, const char* key) {
  return std::to_string(what.at(key).get<uint64_t>());
}

/// A line for the node, and a row for each service.
std::string status_text(const json& health) {
  text_table table{{"service", "state", "where", "replicas", "peers",
                    "in flight", "waiting", "lacks", "does without"}};
  for (const auto& each : health.at("services")) {
    auto here = text_of(each, "where") == "here";
    table.add(
      {text_of(each, "service"), text_of(each, "state"), text_of(each, "where"),
       here
         ? number_of(each, "replicas_up") + " of " + number_of(each, "replicas")
         : "-",
       number_of(each, "peers_up"), number_of(each, "in_flight"),
       number_of(each, "waiting"), names_in(each.at("required_down")),
       names_in(each.at("optional_down"))});
  }
  return "node " + text_of(health, "node") + ": " + text_of(health, "phase")
         + ", journal " + text_of(health, "journal") + "\n\n" + table.text();
}

} // namespace

int status(const std::vector<std::string>& arguments) {
  auto given = read_arguments("status",
                              "Prints how a node that runs is doing, and its "
                              "services.",
                              status_options(), arguments);
  if (!given)
    return 0;
  auto format = (*given)["format"].as<std::string>();
  if (format != "text" && format != "json")
    refuse_value("format", format, "text or json");
  auto where = node_address(*given);
  if (given->count("probe") != 0)
    return probe_node(where, (*given)["probe"].as<std::string>());
  auto reply = ask_node(where, "/api/health");
  try {
    auto health = json::parse(reply.body);
    auto text = status_text(health);
    std::cout << (format == "json" ? health.dump() + '\n' : text);
  } catch (const json::exception&) {
    throw std::runtime_error{"what answers at " + to_string(where)
                             + " is no node"};
  }
  return 0;
}

} // namespace bulwark::program
