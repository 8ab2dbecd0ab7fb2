// A node that is killed is a process that is killed: here one real process is
// the victim, and the test's own process is the node that loses it.

#include "runtime/cluster/island.hpp"
#include "support/process.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

using bulwark::event_kind;
using test::island;

namespace {

std::unique_ptr<test::process> start_victim(const std::string& address) {
  auto data = std::filesystem::temp_directory_path() / "bulwark_lost_node";
  return std::make_unique<test::process>(
    test::program("ECHO_NODE"),
    std::vector<std::string>{"--name=beta", "--listen=" + address,
                             "--data=" + data.string(), "--drain=0s"});
}

std::string address_of(test::process& victim) {
  auto line = victim.wait_for_line("node_started");
  return test::field_of(line, "listen");
}

} // namespace

SCENARIO("what was in flight to a killed node is answered at once, and calls "
         "work again when it is back",
         "[cluster][processes]") {
  auto victim = start_victim("127.0.0.1:0");
  auto address = address_of(*victim);
  island alpha{
    {.name = "alpha", .join = {bulwark::parse_host_port(address).value()}}};
  auto gate = alpha.gate("orders");
  test::await("orders is up", [&] { return gate.status().peers_up == 1; });
  CHECK(alpha.ask("orders", "one") == "orders one");

  // It hangs over there until its node is gone.
  caf::scoped_actor self{alpha.system()};
  auto hanging =
    self->request(gate.handle(), caf::infinite, std::string{"hang"});
  victim->signal(SIGKILL);
  std::string answer;
  std::move(hanging).receive([&](const std::string& text) { answer = text; },
                             [&](const caf::error& err) {
                               answer = bulwark::describe(err);
                               CHECK(err == bulwark::errc::unreachable);
                             });
  CHECK(answer == "orders: node beta was lost");
  alpha.await_event(event_kind::node_lost, "node/beta");
  auto waiting =
    self->request(gate.handle(), caf::infinite, std::string{"two"});
  test::await("nothing is in flight",
              [&] { return gate.status().in_flight == 0; });
  CHECK(victim->wait_exit() == 128 + SIGKILL);

  victim = start_victim(address);
  test::await("orders is back", [&] { return gate.status().peers_up == 1; });
  std::move(waiting).receive(
    [](const std::string& text) { CHECK(text == "orders two"); },
    [](const caf::error& err) { FAIL(bulwark::describe(err)); });
  CHECK(alpha.ask("orders", "three") == "orders three");
  victim->signal(SIGTERM);
  CHECK(victim->wait_exit() == 0);
  alpha.await_event(event_kind::node_left, "node/beta");
}

SCENARIO("a node that is stopped is lost within seconds, and found again when "
         "it goes on",
         "[cluster][processes]") {
  auto victim = start_victim("127.0.0.1:0");
  auto address = address_of(*victim);
  island alpha{
    {.name = "alpha", .join = {bulwark::parse_host_port(address).value()}}};
  auto gate = alpha.gate("orders");
  test::await("orders is up", [&] { return gate.status().peers_up == 1; });
  CHECK(alpha.ask("orders", "one") == "orders one");
  victim->signal(SIGSTOP);
  auto began = std::chrono::steady_clock::now();
  alpha.await_event(event_kind::node_lost, "node/beta");
  auto took = std::chrono::steady_clock::now() - began;
  CHECK(took < std::chrono::seconds{7});
  test::await("its gate is gone", [&] { return gate.status().peers_up == 0; });
  victim->signal(SIGCONT);
  test::await("it is back", [&] { return gate.status().peers_up == 1; });
  CHECK(alpha.ask("orders", "two") == "orders two");
}
