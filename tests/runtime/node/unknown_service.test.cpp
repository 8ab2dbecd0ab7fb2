#include "runtime/node/started_node.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

// A node without a cluster, where nobody else can offer what is not declared.

using fixture = test::node_by_hand;

TEST_CASE_METHOD(fixture, "a name that nobody has declared is answered so",
                 "[node][unknown]") {
  it.service("echo", test::echo).depends_on("store");
  auto before = it.gate("ecko");
  core.start();
  auto answer = [&](const caf::actor& whom) {
    std::string result;
    caf::scoped_actor self{it.system()};
    self->request(whom, caf::infinite, 1)
      .receive([](int) {},
               [&](const caf::error& why) {
                 CHECK(why == bulwark::errc::no_such_service);
                 result = bulwark::describe(why);
               });
    return result;
  };
  CHECK(answer(before)
        == "ecko: no node offers a service of that name; the nearest name is "
           "echo");
  CHECK(answer(it.gate("store"))
        == "store: no node offers a service of that name");
  CHECK(answer(it.gate("later"))
        == "later: no node offers a service of that name");
  CHECK(answer(it.gate("echo")).empty());
}
