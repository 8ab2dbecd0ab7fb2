#include "demo/cluster.hpp"

#include "demo/free_ports.hpp"

#include <signal.h>

namespace storefront {

namespace {

/// A node drains and then stops its services one by one.
constexpr std::chrono::seconds stop_timeout{8};

std::string at(uint16_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

const demo_node& find_node(const std::string& name) {
  for (auto& each : demo_nodes)
    if (each.name == name)
      return each;
  throw std::logic_error("no node " + name);
}

} // namespace

bool runs(const demo_node& node, const std::string& service) {
  return ("," + node.services + ",").find("," + service + ",")
         != std::string::npos;
}

cluster::cluster(std::filesystem::path programs, std::filesystem::path data,
                 line_taker take)
  : programs_(std::move(programs)),
    data_(std::move(data)),
    take_(std::move(take)) {
  auto chosen = free_ports(3 * demo_nodes.size() + 1);
  partner_port_ = chosen.back();
  for (size_t i = 0; i < demo_nodes.size(); ++i)
    ports_[demo_nodes[i].name] = {chosen[3 * i], chosen[3 * i + 1],
                                  chosen[3 * i + 2]};
}

void cluster::start() {
  running_["partner"] = std::make_unique<child_process>(
    programs_ / "storefront_partner", std::vector{at(partner_port_)},
    [this](const std::string& line) { take_("partner", line); });
  for (auto& each : demo_nodes)
    start_node(each.name);
}

void cluster::start_node(const std::string& name) {
  running_[name] = std::make_unique<child_process>(
    programs_ / "storefront", arguments(find_node(name)),
    [this, name](const std::string& line) { take_(name, line); });
}

std::vector<std::string> cluster::arguments(const demo_node& node) const {
  auto own = ports_.at(node.name);
  std::vector<std::string> result{
    "--name",
    node.name,
    "--services",
    node.services,
    "--data",
    (data_ / node.name).string(),
    "--listen",
    at(own.link),
    "--http",
    at(own.http),
    "--admin",
    at(own.admin),
    "--partner",
    at(partner_port_),
    "--chaos",
    // A customer waits no longer for a service whose only node is away.
    "--gate.stash_wait=1s",
    // Who measures how long the service is away asks more often than a
    // customer may.
    "--bulkhead.authentication.rate.rate=1000",
    "--bulkhead.authentication.rate.burst=1000",
  };
  for (auto& [name, theirs] : ports_)
    if (name != node.name)
      result.insert(result.end(), {"--join", at(theirs.link)});
  return result;
}

void cluster::kill_node(const std::string& name) {
  auto& victim = *running_.at(name);
  victim.send_signal(SIGKILL);
  victim.wait(stop_timeout);
  running_.erase(name);
}

bool cluster::stop() {
  for (auto& [name, process] : running_)
    process->send_signal(SIGTERM);
  bool orderly = true;
  for (auto& [name, process] : running_) {
    auto code = process->wait(stop_timeout);
    orderly = orderly && code == 0;
    if (code != 0)
      take_(name, "did not stop in order: "
                    + (code ? "exit code " + std::to_string(*code)
                            : std::string{"it still runs"}));
  }
  running_.clear();
  return orderly;
}

uint16_t cluster::http_port(const std::string& name) const {
  return ports_.at(name).http;
}

uint16_t cluster::admin_port(const std::string& name) const {
  return ports_.at(name).admin;
}

std::filesystem::path cluster::database(const std::string& node,
                                        const std::string& service) const {
  return data_ / node / (service + ".db");
}

std::filesystem::path cluster::journal(const std::string& node) const {
  return data_ / node / (node + ".journal");
}

} // namespace storefront
