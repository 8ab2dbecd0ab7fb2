// A node that floods its compartments, on real threads with real gauges;
// nothing is timed.

#include "runtime/node/started_node.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

#include <atomic>

using namespace bulwark;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

using namespace test;
using fixture = test::node_by_hand;

namespace {

/// Keeps its thread busy for a while.
caf::behavior burner(caf::event_based_actor*) {
  return {[](int x) {
    auto end = steady::now() + 20ms;
    while (steady::now() < end) {
    }
    return x;
  }};
}

using flag = std::shared_ptr<std::atomic<bool>>;

/// Asks a service again and again until `over`; after a while, where it was
/// turned away.
void press(caf::event_based_actor* self, const caf::actor& service,
           const flag& over) {
  if (*over)
    return;
  self->request(service, 20s, 1)
    .then([=](int) { press(self, service, over); },
          [=](const caf::error&) {
            self->delayed_send(self, 5ms, std::string{"again"});
          });
}

/// On a thread of its own: it must not need what it takes from others.
caf::behavior presser(caf::event_based_actor* self, const caf::actor& service,
                      const flag& over) {
  for (int i = 0; i < 16; ++i)
    press(self, service, over);
  return {[=](const std::string&) {
    if (*over)
      self->quit();
    press(self, service, over);
  }};
}

/// Asks until the answer is `wanted`, for 30 s at most; `errc{}`: a value.
bool await(caf::scoped_actor& self, const caf::actor& service, errc wanted) {
  auto end = steady::now() + 30s;
  while (steady::now() < end) {
    auto code = errc{};
    self->request(service, 20s, 1)
      .receive([](int) {},
               [&](const caf::error& x) { code = code_of(x, errc::stopped); });
    if (code == wanted)
      return true;
  }
  return false;
}

} // namespace

TEST_CASE_METHOD(fixture, "load_shedding is declared once and with sense",
                 "[node][load_shedding]") {
  CHECK(complaint_of([&] { it.load_shedding({.cpu = 1.5}); })
        == "load_shedding.cpu is 1.5; it must be at least 0 and at most 1");
  it.load_shedding();
  CHECK(complaint_of([&] { it.load_shedding(); })
        == "load_shedding is declared twice");
  core.start();
  CHECK(complaint_of([&] { it.load_shedding(); })
        == "load_shedding is declared after the node was started");
}

TEST_CASE_METHOD(fixture, "critical work is served while the rest is closed",
                 "[node][load_shedding][threads]") {
  it.bulkhead("vital", {.importance = call_priority::critical})
    .bulkhead("usual", {.capacity = 16, .importance = call_priority::normal})
    .bulkhead("later",
              {.capacity = 16, .importance = call_priority::background});
  it.load_shedding({.run_queue_delay = 10ms,
                    .cpu = 0,
                    .memory = 0,
                    .close_after = 100ms,
                    .reopen_after = 100ms});
  it.service("orders", echo).bulkhead("vital");
  it.service("web", burner).replicas(16).bulkhead("usual");
  it.service("reports", burner).replicas(16).bulkhead("later");
  core.start();
  auto over = std::make_shared<std::atomic<bool>>(false);
  caf::scoped_actor self{it.system()};
  for (const auto* name : {"web", "reports"})
    self->spawn<caf::detached>(presser, it.gate(name), over);
  CHECK(await(self, it.gate("reports"), errc::bulkhead_isolated));
  CHECK(await(self, it.gate("web"), errc::bulkhead_isolated));
  for (int i = 0; i < 20; ++i)
    CHECK(await(self, it.gate("orders"), errc{}));
  CHECK(it.bulkheads().stats("vital")->usage.isolated == 0);
  *over = true;
  CHECK(await(self, it.gate("web"), errc{}));
  CHECK(await(self, it.gate("reports"), errc{}));
}
