#include "runtime/node/started_node.hpp"

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <catch2/catch.hpp>

// Gates that were asked for before anything was said of their services. On real
// threads; nothing is timed.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

using counter = caf::typed_actor<caf::replies_to<int>::with<int>>;

counter::behavior_type count(counter::pointer) {
  return {[](int x) { return x + 1; }};
}

errc code_of_answer(caf::actor_system& sys, const caf::actor& gate) {
  auto result = errc::running;
  caf::scoped_actor self{sys};
  self->request(gate, caf::infinite, 1)
    .receive(
      [](int) {},
      [&](const caf::error& why) { result = code_of(why, errc::running); });
  return result;
}

} // namespace

TEST_CASE_METHOD(node_by_hand, "what is said after a gate was asked for counts",
                 "[node]") {
  auto door = it.gate("echo");
  it.service("echo", echo)
    .bulkhead("room")
    .breaker({.failure_threshold = 2})
    .timeout(7s);
  it.bulkhead("room", {.capacity = 3});
  core.start();
  CHECK(it.gate("echo") == door);
  CHECK(bulwark::ask<int>(it.system(), door, 7).get() == 7);
  auto room =
    bulwark::ask<bulkhead_stats>(it.system(), it.find_bulkhead("room").handle(),
                                 bulkhead_stats_request{})
      .get();
  CHECK(room.usage.successful_acquisitions == 1);
  CHECK(it.breaker("echo")->options().failure_threshold == 2);
}

TEST_CASE_METHOD(node_by_hand,
                 "a gate knows the types of what is declared later", "[node]") {
  auto door = it.gate("count");
  it.service("count", count);
  core.start();
  CHECK_FALSE(door->message_types().empty());
  CHECK(bulwark::ask<int>(it.system(), door, 7).get() == 8);
}

TEST_CASE_METHOD(node_by_hand,
                 "a gate answers before its node starts, and after", "[node]") {
  it.service("echo", echo);
  auto door = it.gate("echo");
  CHECK(code_of_answer(it.system(), door) == errc::unreachable);
  core.start();
  CHECK(bulwark::ask<int>(it.system(), door, 7).get() == 7);
}

TEST_CASE_METHOD(node_by_hand,
                 "a gate that was never served ends with its node", "[node]") {
  auto door = it.gate("echo");
  CHECK(code_of_answer(it.system(), door) == errc::unreachable);
}

TEST_CASE_METHOD(node_by_hand, "names that a node does not know are refused",
                 "[node]") {
  it.service("echo", echo);
  CHECK(complaint_of([&] { it.breaker("echo"); })
        == "breaker of \"echo\": gates get their breakers when the node "
           "starts; it must be asked for in a service or a hook");
  core.start();
  CHECK(it.breaker("echo") == nullptr);
  CHECK(complaint_of([&] { it.breaker("eco"); })
        == "breaker of \"eco\": this node has no gate of that name; the "
           "service must be declared, or its gate asked for, before");
  CHECK(complaint_of([&] { it.supervisor("eco"); })
        == "supervisor of \"eco\": the service must be declared on this node");
  CHECK(complaint_of([&] { it.find_cpu_quota("night"); })
        == "find_cpu_quota: cpu quota is \"night\"; it must be declared on "
           "this node before; known here: none");
  CHECK(complaint_of([&] { it.announce("no name", "x"); }).find("it must")
        != std::string::npos);
  CHECK(complaint_of([&] { it.announce("late", "x"); })
        == "announce of late: the node has started; it must be called before, "
           "in the setup or a hook of on_start");
  child_spec misnamed;
  misnamed.id = "a/b";
  CHECK(complaint_of([&] { it.child(misnamed); }).find("it must be")
        != std::string::npos);
}
