#include "runtime/node/started_node.hpp"

#include <catch2/catch.hpp>

// A null function was called by the first incarnation, which ended the process.

using namespace bulwark;

namespace {

using function = std::function<caf::behavior(caf::event_based_actor*)>;
using pointer = caf::behavior (*)(caf::event_based_actor*);

} // namespace

TEST_CASE("a service whose function is null is refused by name",
          "[node][faults]") {
  test::node_by_hand node;
  std::string why = "service a: its function is null; it must be a function";
  CHECK(test::complaint_of([&] { node.it.service("a", function{}); }) == why);
  CHECK(test::complaint_of([&] { node.it.service("a", pointer{}); }) == why);
  // Nothing was changed: the name is free.
  CHECK(test::complaint_of([&] { node.it.service("a", function{test::echo}); })
        == "none");
  CHECK(test::complaint_of([&] { node.it.service("b", pointer{test::echo}); })
        == "none");
  CHECK(test::complaint_of([&] {
          node.it.service(
            "c", [](caf::event_based_actor* self) { return test::echo(self); });
        })
        == "none");
}

TEST_CASE("a hook that is null is refused by name", "[node][faults]") {
  test::node_by_hand node;
  CHECK(test::complaint_of([&] { node.it.on_start(nullptr); })
        == "on_start: the hook is null; it must be a function");
  CHECK(test::complaint_of([&] { node.it.on_drain(nullptr); })
        == "on_drain: the hook is null; it must be a function");
  CHECK(test::complaint_of([&] { node.it.on_stop(nullptr); })
        == "on_stop: the hook is null; it must be a function");
}

TEST_CASE("a start function is not made from a null function", "[faults]") {
  CHECK_THROWS_WITH(start_alone(make_replica_factory(pointer{})),
                    "the service's function is null; it must be a function");
}
