#include "runtime/node/started_node.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/event_based_actor.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>
#include <thread>

// What a program's own threads ask of services and compartments. On real
// threads, because a future waits for them; nothing is timed.

using namespace bulwark;
using namespace std::chrono_literals;

using fixture = test::node_by_hand;

namespace {

caf::behavior picky(caf::event_based_actor*) {
  return {[](int x) {
    if (x < 0)
      throw std::runtime_error{"below zero"};
    return x;
  }};
}

} // namespace

TEST_CASE_METHOD(fixture, "a service is asked by name, and its errors thrown",
                 "[node]") {
  it.service("picky", picky).restart({.initial = 1ms});
  core.start();
  CHECK(it.ask<int>("picky", 7).get() == 7);
  CHECK(it.ask<int>("picky", call_options{.key = "a"}, 8).get() == 8);
  auto broken = it.ask<int>("picky", -1);
  CHECK_THROWS_WITH(broken.get(),
                    "std::runtime_error: below zero; it was handled in part; "
                    "sent again it would end the same way");
  CHECK_THROWS_AS(it.ask<std::string>("picky", 7).get(), ask_error);
}

TEST_CASE_METHOD(fixture, "a service is scaled by name, within the rules",
                 "[node]") {
  it.service("picky", picky);
  core.start();
  // Null in the first moments.
  while (!it.supervisor("picky"))
    std::this_thread::yield();
  it.scale("picky", 3).get();
  auto counts = bulwark::ask<child_counts>(it.system(), it.supervisor("picky"),
                                           child_counts_request{});
  CHECK(counts.get().active == 3);
  CHECK_THROWS_AS(it.scale("picky", 65).get(), ask_error);
  CHECK(test::complaint_of([&] { it.scale("pick", 2); })
        == "supervisor of \"pick\": the service must be declared on this "
           "node");
}

TEST_CASE_METHOD(fixture, "a compartment is resized by name, within the rules",
                 "[node]") {
  it.bulkhead("room", {.capacity = 3});
  core.start();
  it.resize("room", 5, 1).get();
  CHECK(it.find_bulkhead("room").core()->capacity() == 5);
  CHECK_THROWS_AS(it.resize("room", 2, 3).get(), ask_error);
  it.isolate("room", isolation::all, "test").get();
  CHECK_THROWS_AS(bulwark::ask<permit>(it.system(),
                                       it.find_bulkhead("room").handle(),
                                       acquire_permits{})
                    .get(),
                  ask_error);
  it.isolate("room", isolation::none, "over").get();
  it.drain_bulkhead("room", "test").get();
  CHECK(it.find_bulkhead("room").core()->capacity() == 5);
  CHECK(test::complaint_of([&] { it.resize("rom", 5); })
        == "find_bulkhead: bulkhead is \"rom\"; it must be declared on this "
           "node before; known here: room");
}
