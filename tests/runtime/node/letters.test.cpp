#include "runtime/node/started_node.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/pool/thread_pool.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>

// What is sent in vain on a node is a dead letter of that node, whether a
// service or a pool did not do it. On real threads; nothing is timed.

using namespace bulwark;
using namespace std::chrono_literals;

using fixture = test::node_by_hand;

namespace {

int fails() {
  throw std::runtime_error{"disk full"};
}

/// Leaves the work to a pool.
caf::behavior painter(caf::event_based_actor* self, const thread_pool& pool) {
  return {[=](int x) {
    return self->delegate(pool.handle(),
                          pool_task{[x] { return x < 0 ? fails() : x; }});
  }};
}

} // namespace

TEST_CASE_METHOD(fixture, "a node keeps what was sent to its pools in vain",
                 "[node][letters]") {
  thread_pool pool{it.system(),
                   {.name = "threads",
                    .threads = {.max = 1},
                    .bulkhead = {.queue = 10},
                    .events = it.events(),
                    .letters = it.letter_box()}};
  it.on_stop([=] { pool.stop(); });
  it.service("painter", painter, pool);
  core.start();
  caf::scoped_actor self{it.system()};
  self->send(pool.handle(), pool_task{fails});
  self->send(it.gate("painter"), -1);
  // One thread does all of it in turn.
  self->request(it.gate("painter"), 20s, 7)
    .receive([](int x) { CHECK(x == 7); },
             [](const caf::error& why) { FAIL(describe(why)); });
  self->request(it.dead_letters(), 20s, dead_letters_request{})
    .receive(
      [](const dead_letter_list& x) {
        REQUIRE(x.letters.size() == 2);
        CHECK(x.letters[0].service == "threads");
        CHECK_FALSE(x.letters[0].kept);
        // The service had not done it either, so it can be sent again.
        CHECK(x.letters[1].service == "painter");
        CHECK(x.letters[1].text == "(-1)");
        CHECK(x.letters[1].kept);
        for (const auto& each : x.letters)
          CHECK(each.reason == "threads: std::runtime_error: disk full");
      },
      [](const caf::error& why) { FAIL(describe(why)); });
}
