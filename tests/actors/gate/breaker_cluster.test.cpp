// Goal: the breakers of three nodes' gates for one service warn each other, and
// a bad network can neither make one let too much through nor keep one open.
// Method: three gates in virtual time before one service, between them a net
// that loses, delays, repeats and reorders what they tell each other, and that
// is cut. In the end all is well again, and all must agree.

#include "actors/gate/gate_fixture.hpp"
#include "support/dice.hpp"

#include <bulwark/calls/call_options.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <memory>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

using enum breaker_state;

constexpr size_t nodes = 3;
constexpr uint32_t probes = 2;

const breaker_options of_each_node{.failure_threshold = 3,
                                   .recovery_timeout = 3s,
                                   .success_threshold = probes,
                                   .jitter = 0,
                                   .probe_limit = 10s,
                                   .cluster_wide = true};

struct mood {
  bool well = true;
  int asked = 0;
  std::vector<caf::response_promise> kept;
};

caf::behavior moody(caf::event_based_actor* self, std::shared_ptr<mood> its) {
  return {
    [=](int x) -> caf::result<int> {
      ++its->asked;
      if (!its->well)
        return caf::make_error(caf::sec::runtime_error, "moody");
      return x;
    },
    [=](keep_atom) {
      ++its->asked;
      its->kept.push_back(self->make_response_promise());
      return caf::delegated<int>{};
    },
  };
}

class world {
public:
  explicit world(uint32_t seed = 1) : dice(seed) {
    at = &f.serve("s", make_replica_factory(moody, its), {});
    for (size_t i = 0; i < nodes; ++i)
      start(i, 1);
  }

  ~world() { its->kept.clear(); }

  /// Starts a node, anew with a larger `boot`.
  void start(size_t i, uint64_t boot) {
    auto name = "n" + std::to_string(i);
    breakers[i] = std::make_shared<service_breaker>(
      f.rig.system(), name, of_each_node, emitter{},
      breaker_sharing{name, boot,
                      [this, i](const auto& what) { send(i, what); }});
    gates[i] = f.gate(name + "." + std::to_string(boot), {}, 0, {breakers[i]});
    gates[i].peer_up("far",
                     caf::actor_cast<caf::strong_actor_ptr>(at->handle()));
    f.rig.run();
  }

  auto call(size_t i) { return f.ask(gates[i].handle(), 7); }

  void calls(size_t i, int n) {
    while (n-- > 0)
      call(i);
  }

  /// What a connection is for.
  void exchange() {
    for (size_t i = 0; i < nodes; ++i)
      send(i, breakers[i]->knowledge());
    pass(3s);
  }

  void send(size_t from, const breaker_knowledge& what) {
    for (size_t to = 0; to < nodes; ++to) {
      if (to == from || cut[from] || cut[to])
        continue;
      for (auto n = copies(); n > 0; --n)
        under_way.push_back({f.rig.now() + delay(), to, what});
    }
  }

  void pass(duration length) {
    for (auto end = f.rig.now() + length; f.rig.now() < end;) {
      f.rig.advance(100ms);
      auto all = std::exchange(under_way, {});
      for (auto& each : all)
        if (each.at > f.rig.now())
          under_way.push_back(std::move(each));
        else if (!cut[each.to])
          breakers[each.to]->heard(each.what);
    }
  }

  gate_fixture f;
  std::shared_ptr<mood> its = std::make_shared<mood>();
  const service* at = nullptr;
  std::array<std::shared_ptr<service_breaker>, nodes> breakers;
  std::array<gate, nodes> gates;
  std::array<bool, nodes> cut{};
  bool bad_net = false;
  test::dice dice;

private:
  struct packet {
    time_point at{};
    size_t to = 0;
    breaker_knowledge what;
  };

  uint64_t copies() { return bad_net ? dice.below(3) : 1; }
  duration delay() { return bad_net ? tenths(40) : duration::zero(); }

  duration tenths(size_t below) {
    return static_cast<int64_t>(dice.below(below)) * 100ms;
  }

  std::vector<packet> under_way;
};

} // namespace

TEST_CASE("that one breaker opens makes those of other nodes careful",
          "[gate][breaker][cluster]") {
  world x;
  x.its->well = false;
  x.calls(0, 3);
  CHECK(x.breakers[0]->state() == open);
  CHECK(x.breakers[1]->state() == closed);
  x.pass(100ms);
  CHECK(x.breakers[1]->state() == half_open);
  CHECK(x.breakers[2]->state() == half_open);
  x.its->asked = 0;
  for (int i = 0; i < 10; ++i)
    x.f.ask(x.gates[1].handle(), keep_atom::value);
  CHECK(x.its->asked == probes);
  x.its->asked = 0;
  x.calls(2, 10);
  CHECK(x.its->asked == 1);
  CHECK(x.breakers[2]->state() == open);
}

TEST_CASE("old news opens no breaker that has closed itself",
          "[gate][breaker][cluster]") {
  world x;
  x.its->well = false;
  x.calls(0, 3);
  auto old = x.breakers[0]->knowledge();
  x.pass(100ms);
  x.its->well = true;
  x.calls(1, 5);
  CHECK(x.breakers[1]->state() == closed);
  x.breakers[1]->heard(old);
  x.exchange();
  CHECK(x.breakers[1]->state() == closed);
  // The one that has opened finds its own way back, and nobody minds.
  x.calls(0, 5);
  CHECK(x.breakers[0]->state() == closed);
  x.breakers[1]->heard(old);
  CHECK(x.breakers[1]->state() == closed);
}

TEST_CASE("a node that is cut off decides alone, and learns when it is back",
          "[gate][breaker][cluster]") {
  world x;
  x.cut[0] = true;
  x.its->well = false;
  x.calls(0, 3);
  x.pass(1s);
  CHECK(x.breakers[0]->state() == open);
  CHECK(x.breakers[1]->state() == closed);
  x.calls(1, 1);
  x.its->well = true;
  x.calls(1, 2);
  CHECK(x.breakers[1]->state() == closed);
  x.cut[0] = false;
  x.exchange();
  CHECK(x.breakers[1]->state() == half_open);
  for (size_t i = 0; i < nodes; ++i) {
    x.calls(i, 4);
    CHECK(x.breakers[i]->state() == closed);
  }
}

TEST_CASE("an order counts on all nodes, and for one that is started anew",
          "[gate][breaker][cluster]") {
  world x;
  x.breakers[1]->set(forced_open);
  x.pass(100ms);
  for (const auto& each : x.breakers)
    CHECK(each->state() == forced_open);
  x.start(1, 2);
  CHECK(x.breakers[1]->state() == closed);
  x.exchange();
  CHECK(x.breakers[1]->state() == forced_open);
  x.breakers[0]->set(closed);
  x.pass(100ms);
  for (const auto& each : x.breakers)
    CHECK(each->state() == closed);
  x.exchange();
  CHECK(x.breakers[1]->state() == closed);
}

TEST_CASE("breakers of endpoints are their node's own",
          "[gate][breaker][cluster]") {
  world x;
  x.its->well = false;
  call_options pay{.endpoint = "/pay"};
  for (int i = 0; i < 3; ++i)
    x.f.ask(x.gates[0].handle(), pay, 7);
  CHECK(x.breakers[0]->state("/pay") == open);
  x.pass(100ms);
  CHECK(x.breakers[1]->state("/pay") == closed);
  CHECK(x.breakers[1]->state() == closed);
}

TEST_CASE("in a bad network none lets more than its probes through, and in the "
          "end all agree",
          "[gate][breaker][cluster]") {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed=" << seed);
    world x{seed};
    x.bad_net = true;
    for (int step = 0; step < 60; ++step) {
      auto one = x.dice.below(nodes);
      if (x.dice.below(8) == 0)
        x.its->well = !x.its->well;
      if (x.dice.below(10) == 0)
        x.cut[one] = !x.cut[one];
      if (x.dice.below(10) == 0)
        x.exchange();
      auto state = x.breakers[one]->state();
      x.its->asked = 0;
      x.calls(one, 5);
      if (state == open)
        CHECK(x.its->asked == 0);
      // The first failure opens it, `probes` successes close it.
      if (state == half_open && !x.its->well)
        CHECK(x.its->asked == 1);
      if (state == half_open && x.its->well)
        CHECK(x.breakers[one]->state() == closed);
      x.pass(static_cast<int64_t>(x.dice.below(10)) * 100ms);
    }
    x.its->well = true;
    x.bad_net = false;
    x.cut = {};
    x.pass(5s);
    x.exchange();
    for (size_t i = 0; i < nodes; ++i)
      x.calls(i, 4);
    x.exchange();
    for (size_t i = 0; i < nodes; ++i) {
      CHECK(x.breakers[i]->state() == closed);
      CHECK(x.breakers[i]->knowledge() == x.breakers[0]->knowledge());
    }
  }
}
