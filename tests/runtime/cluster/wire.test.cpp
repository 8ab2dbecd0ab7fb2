// What is promised of a connection: how much may wait for a node, when it is
// given up, and what a test can do to one.

#include "runtime/cluster/island.hpp"
#include "runtime/cluster/raw_client.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>

using namespace std::chrono_literals;
using bulwark::event_kind;
using bulwark::detail::connection;
using bulwark::detail::wire_faults;
using Catch::Contains;
using test::island;
using test::raw_client;

namespace {

using clock_type = std::chrono::steady_clock;

constexpr size_t mib = size_t{1024} * 1024;

std::shared_ptr<connection> only_one(island& node) {
  auto all = node.wires().connections();
  REQUIRE(all.size() == 1);
  return all.front();
}

/// Answers with as many bytes as it is asked for.
caf::behavior blobs(caf::event_based_actor*) {
  return {
    [](const std::string& size) { return std::string(std::stoul(size), 'x'); }};
}

/// Two nodes with one connection.
struct pair {
  explicit pair(bulwark::wire_limits limits = {},
                bulwark::noticing_options noticing = {})
    : beta({.name = "beta",
            .services = {"orders"},
            .others = {{"blobs", bulwark::make_replica_factory(blobs)}},
            .limits = limits,
            .noticing = noticing}),
      alpha({.name = "alpha",
             .join = {beta.address()},
             .limits = limits,
             .noticing = noticing}) {
    auto gate = alpha.gate("orders");
    test::await("orders is up", [&] { return gate.status().peers_up == 1; });
    beta.await_event(event_kind::node_joined, "node/alpha");
  }

  void set_faults(island& node, const wire_faults& what) {
    node.wires().set_faults(only_one(node), what);
  }

  island beta;
  island alpha;
};

/// What became of many requests.
struct answers {
  std::mutex lock;
  size_t values = 0;
  std::vector<std::string> errors;

  size_t all() {
    std::lock_guard guard{lock};
    return values + errors.size();
  }
};

void ask_many(island& from, const std::string& service, int count,
              const std::string& text, answers& result) {
  from.system().spawn([=, &result, to = from.gate(service).handle()](
                        caf::event_based_actor* self) {
    for (int i = 0; i < count; ++i)
      self->request(to, caf::infinite, text)
        .then(
          [&](const std::string&) {
            std::lock_guard guard{result.lock};
            ++result.values;
          },
          [&](const caf::error& why) {
            std::lock_guard guard{result.lock};
            result.errors.push_back(bulwark::describe(why));
          });
  });
}

} // namespace

SCENARIO("so much waits for a node that does not read, and no more",
         "[cluster][wire]") {
  pair both{{.waiting_max = 2 * mib}};
  both.set_faults(both.beta, {.deaf = true});
  answers result;
  ask_many(both.alpha, "orders", 60, std::string(mib, 'x'), result);
  // What the kernels take is not known; they do not take this much.
  test::await("some are refused", [&] {
    std::lock_guard guard{result.lock};
    return result.errors.size() > 30;
  });
  CHECK(only_one(both.alpha)->waiting() <= 2 * mib);
  CHECK_THAT(result.errors.front(), Contains("wait for beta already"));
  // What waits is no reason to lose the node, and is answered when it reads.
  both.set_faults(both.beta, {});
  test::await("all are answered", [&] { return result.all() == 60; });
  CHECK(result.values > 0);
  CHECK(both.alpha.count(event_kind::node_lost) == 0);
  CHECK(both.alpha.ask("orders", "one") == "orders one");
}

SCENARIO("who waits for an answer that does not fit is told so",
         "[cluster][wire]") {
  pair both{{.waiting_max = 2 * mib}};
  // The requests arrive, their answers cannot leave.
  both.set_faults(both.beta, {.mute = true});
  answers result;
  ask_many(both.alpha, "blobs", 12, std::to_string(mib / 2), result);
  test::await("as much waits as may",
              [&] { return only_one(both.beta)->waiting() > mib + mib / 2; });
  test::await("others are turned away", [&] {
    return only_one(both.beta)->waiting() > 3 * (mib / 2) + 1000;
  });
  both.set_faults(both.beta, {});
  test::await("all are answered", [&] { return result.all() == 12; });
  CHECK(result.values >= 3);
  REQUIRE(result.errors.size() > 0);
  CHECK_THAT(result.errors.front(), Contains("wait for alpha already"));
  CHECK(both.alpha.count(event_kind::node_lost) == 0);
}

SCENARIO("a message that is too large for any node is refused by its own",
         "[cluster][wire]") {
  pair both{{.payload_max = mib}};
  CHECK_THAT(both.alpha.ask("orders", std::string(mib, 'x')),
             Contains("a message to beta has more than 1048576 bytes"));
  CHECK(both.alpha.ask("orders", std::string(mib / 2, 'x')).size()
        == mib / 2 + 7);
  CHECK(both.alpha.count(event_kind::node_lost) == 0);
}

SCENARIO("a node that takes nothing is lost, and found again",
         "[cluster][wire]") {
  pair both{{.stall = 300ms}};
  both.set_faults(both.alpha, {.mute = true});
  answers result;
  ask_many(both.alpha, "orders", 1, "one", result);
  both.alpha.await_event(event_kind::node_lost, "node/beta");
  test::await("it is answered", [&] { return result.all() == 1; });
  // Another connection, without the fault.
  test::await("beta is back",
              [&] { return both.alpha.count(event_kind::node_joined) == 2; });
  CHECK(both.alpha.ask("orders", "one") == "orders one");
}

SCENARIO("a node of which nothing comes is lost", "[cluster][wire]") {
  pair both{{}, {.beat = 100ms, .pause = 1s}};
  // Heartbeats alone keep a connection.
  auto end = clock_type::now() + 2s;
  test::await("time has passed", [&] { return clock_type::now() > end; });
  CHECK(both.alpha.count(event_kind::node_lost) == 0);
  auto kept = only_one(both.alpha);
  both.set_faults(both.beta, {.mute = true});
  both.alpha.await_event(event_kind::node_lost, "node/beta");
  test::await("it is closed", [&] { return !kept->reason().empty(); });
  CHECK_THAT(kept->reason(), Contains("nothing has come from it for 1."));
  test::await("beta is back",
              [&] { return both.alpha.count(event_kind::node_joined) == 2; });
}

SCENARIO("a node whose network thread is busy is not lost", "[cluster][wire]") {
  pair both{{}, {.beat = 100ms, .pause = 300ms}};
  // It reads nothing and lets CAF send nothing, but its beats go on.
  std::atomic<bool> busy{true};
  both.beta.system().middleman().backend().post([&] {
    while (busy)
      std::this_thread::yield();
  });
  auto end = clock_type::now() + 2s;
  test::await("time has passed", [&] { return clock_type::now() > end; });
  busy = false;
  CHECK(both.alpha.ask("orders", "one") == "orders one");
  CHECK(both.alpha.count(event_kind::node_lost) == 0);
  CHECK(both.beta.count(event_kind::node_lost) == 0);
}

SCENARIO("what comes late is late, and what is dropped never comes",
         "[cluster][wire]") {
  pair both;
  both.set_faults(both.alpha, {.delay = 300ms});
  auto began = clock_type::now();
  CHECK(both.alpha.ask("orders", "one") == "orders one");
  CHECK(clock_type::now() - began >= 300ms);
  both.set_faults(both.alpha, {});
  CHECK(both.alpha.ask("orders", "two") == "orders two");
}

namespace {

/// Two nodes, and what an experiment does to the link of one to the other.
struct struck_pair {
  std::mutex lock;
  wire_faults now;
  island beta;
  island alpha;

  struck_pair()
    : beta({.name = "beta", .services = {"orders"}}),
      alpha({.name = "alpha",
             .join = {beta.address()},
             .noticing = {.beat = 100ms, .pause = 500ms},
             .faults = [this](const std::string& node) {
               std::lock_guard guard{lock};
               return node == "beta" ? now : wire_faults{};
             }}) {
    await_peer();
  }

  void strike(const wire_faults& what) {
    std::lock_guard guard{lock};
    now = what;
  }

  void await_peer() {
    auto gate = alpha.gate("orders");
    test::await("orders is up", [&] { return gate.status().peers_up == 1; });
  }
};

} // namespace

SCENARIO("a link that an experiment cuts is lost, stays so whoever connects "
         "anew, and is back when it ends",
         "[cluster][wire]") {
  struck_pair both;
  both.strike({.mute = true, .unheard = true});
  both.alpha.await_event(event_kind::node_lost, "node/beta");
  auto gate = both.alpha.gate("orders");
  test::await("the gate knows", [&] { return gate.status().peers_up == 0; });
  auto end = clock_type::now() + 1s;
  auto up = false;
  test::await("time has passed", [&] {
    up = up || gate.status().peers_up > 0;
    return clock_type::now() > end;
  });
  CHECK_FALSE(up);
  both.strike({});
  both.await_peer();
  CHECK(both.alpha.ask("orders", "one") == "orders one");
}

SCENARIO("a link loses the share of messages that an experiment says",
         "[cluster][wire]") {
  answers result; // Outlives those who answer.
  struck_pair both;
  both.strike({.loss = 1});
  auto end = clock_type::now() + 300ms;
  test::await("it is struck", [&] { return clock_type::now() > end; });
  ask_many(both.alpha, "orders", 5, "one", result);
  end = clock_type::now() + 1s;
  test::await("answers have had time", [&] { return clock_type::now() > end; });
  CHECK(result.all() == 0);
  CHECK(both.alpha.count(event_kind::node_lost) == 0);
  both.strike({});
  end = clock_type::now() + 1s;
  test::await("it is over", [&] { return clock_type::now() > end; });
  test::await("all is heard",
              [&] { return both.alpha.ask("orders", "two") == "orders two"; });
}

SCENARIO("one connection is closed by itself", "[cluster][wire]") {
  pair both;
  island gamma{{.name = "gamma", .join = {both.beta.address()}}};
  gamma.await_event(event_kind::node_joined, "node/beta");
  auto kept = only_one(both.alpha);
  both.alpha.wires().close(kept, "the test says so");
  both.alpha.await_event(event_kind::node_lost, "node/beta");
  CHECK(kept->reason() == "the test says so");
  test::await("beta is back",
              [&] { return both.alpha.count(event_kind::node_joined) >= 2; });
  CHECK(both.alpha.ask("orders", "one") == "orders one");
  CHECK(gamma.count(event_kind::node_lost) == 0);
}

SCENARIO("who does not say who he is has his time", "[cluster][wire]") {
  island node{{.name = "alpha", .limits = {.handshake = 300ms}}};
  raw_client silent{node.address().port};
  CHECK(silent.closed());
  auto told = node.await_event(event_kind::peer_refused, "node/alpha");
  CHECK(told.reason == "it did not say who it is within 300ms");
}

SCENARIO("of many who do not say who they are the oldest one goes",
         "[cluster][wire]") {
  island node{
    {.name = "alpha", .services = {"orders"}, .limits = {.strangers_max = 20}}};
  std::vector<raw_client> all;
  for (int i = 0; i < 21; ++i)
    all.emplace_back(node.address().port);
  CHECK(all.front().closed());
  test::await("the others stay",
              [&] { return node.wires().connections().size() == 20; });
  island friendly{{.name = "beta", .join = {node.address()}}};
  friendly.await_event(event_kind::node_joined, "node/alpha");
  CHECK(friendly.ask("orders", "one") == "orders one");
}

SCENARIO("a node without descriptors accepts nobody for a while",
         "[cluster][wire]") {
  using bulwark::detail::descriptor;
  island node{{.name = "alpha"}};
  raw_client before{node.address().port};
  test::await("it is accepted",
              [&] { return node.wires().connections().size() == 1; });
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  auto low = old;
  low.rlim_cur = 256;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  // No checks meanwhile: those of the sanitizer need descriptors as well.
  std::vector<descriptor> taken;
  while (auto more = descriptor{::open("/dev/null", O_RDONLY | O_CLOEXEC)})
    taken.push_back(std::move(more));
  taken.pop_back();
  // It takes the last descriptor; there is none for the other end.
  raw_client waiting{node.address().port};
  auto told = node.await_event(event_kind::peer_refused, "node/alpha");
  taken.clear();
  CHECK(told.reason == "no descriptor is left: nobody is accepted for 1s");
  test::await("it is accepted then",
              [&] { return node.wires().connections().size() == 2; });
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &old) == 0);
}
