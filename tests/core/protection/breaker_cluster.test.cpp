// Goal: breakers of three nodes for one service warn each other, and a bad
// network can neither make one let too much through nor keep one open.
// Method: virtual time in steps of 10 ms. The service fails at times; notices
// are lost, late, repeated and out of order; nodes are cut off, started anew,
// and told by operators. In the end all is well again, and all must agree.

#include "support/dice.hpp"

#include <bulwark/protection/detail/breaker.hpp>
#include <bulwark/protection/detail/breaker_notices.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using enum breaker_state;

constexpr size_t nodes = 3;
constexpr uint32_t probes = 2;
constexpr breaker_options options{.failure_threshold = 3,
                                  .recovery_timeout = 3s,
                                  .success_threshold = probes,
                                  .probe_limit = 10s};

using news = std::variant<breaker_notice, breaker_order>;

class world;

class node {
public:
  node(world& all, size_t index, uint64_t boot);

  void call(bool well, time_point now);
  void hear(const news& what, time_point now);
  void order(bool forced_open, time_point now);

  breaker its;
  breaker_notices notices;

  // By period: calls let through; how many of the periods are half_open.
  std::map<uint32_t, uint32_t> through;
  uint64_t cautions = 0;
  uint64_t too_many = 0;
  // A notice that was heard before has changed something.
  uint64_t repeated = 0;

private:
  void note(const std::optional<breaker_change>& change, time_point now);
  void apply(breaker_advice advice, time_point now);

  world& all_;
  size_t index_;
  std::set<std::string> heard_;
};

class world {
public:
  explicit world(uint64_t seed) : dice(seed) {
    for (size_t i = 0; i < nodes; ++i)
      start(i);
  }

  void start(size_t index) {
    all[index] = std::make_unique<node>(*this, index, ++boots);
    for (size_t other = 0; other < nodes; ++other)
      if (other != index && connected(index, other))
        exchange(index, other);
  }

  bool connected(size_t a, size_t b) const { return cut[a] == cut[b]; }

  void tell(size_t from, const news& what) {
    for (size_t to = 0; to < nodes; ++to) {
      if (to == from || !connected(from, to))
        continue;
      auto copies = dice.roll(1, 4) ? 0 : dice.roll(1, 5) ? 2 : 1;
      for (int i = 0; i < copies; ++i)
        under_way.emplace(now + 10ms * dice.below(200), std::pair{to, what});
    }
  }

  /// A new connection: nothing of it is lost.
  void exchange(size_t a, size_t b) {
    for (auto [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
      if (!all[from] || !all[to])
        continue;
      auto known = all[from]->notices.knowledge();
      auto at = now + 10ms * (1 + dice.below(20));
      for (const auto& each : known.notices)
        under_way.emplace(at, std::pair{to, news{each}});
      under_way.emplace(at, std::pair{to, news{known.order}});
    }
  }

  void isolate(size_t index) { cut[index] = ++cuts; }

  void heal() {
    auto before = cut;
    cut.fill(0);
    for (size_t a = 0; a < nodes; ++a)
      for (size_t b = a + 1; b < nodes; ++b)
        if (before[a] != before[b])
          exchange(a, b);
  }

  void step(bool well) {
    now += 10ms;
    while (!under_way.empty() && under_way.begin()->first <= now) {
      auto [to, what] = under_way.begin()->second;
      under_way.erase(under_way.begin());
      all[to]->hear(what, now);
    }
    for (auto& each : all)
      if (dice.roll(1, 2))
        each->call(well, now);
  }

  test::dice dice;
  time_point now{1h};
  std::array<std::unique_ptr<node>, nodes> all;
  std::array<int, nodes> cut{};
  int cuts = 0;
  uint64_t boots = 0;
  std::multimap<time_point, std::pair<size_t, news>> under_way;
};

node::node(world& all, size_t index, uint64_t boot)
  : its(options, boot),
    notices(std::string(1, static_cast<char>('a' + index)), boot),
    all_(all),
    index_(index) {}

void node::note(const std::optional<breaker_change>& change, time_point) {
  if (!change)
    return;
  cautions += change->why == breaker_cause::told_by_node ? 1 : 0;
  if (auto notice = notices.changed(*change))
    all_.tell(index_, *notice);
}

void node::call(bool well, time_point now) {
  auto verdict = its.admit(now);
  note(verdict.change, now);
  if (!verdict.admitted)
    return;
  auto period = verdict.ticket.period;
  if (its.state() == half_open && ++through[period] > probes)
    ++too_many;
  note(its.record(verdict.ticket,
                  {well ? call_outcome::success : call_outcome::failure, 1ms},
                  now),
       now);
}

void node::apply(breaker_advice advice, time_point now) {
  switch (advice) {
  case breaker_advice::nothing:
    return;
  case breaker_advice::caution:
    return note(its.caution(now), now);
  case breaker_advice::force_open:
    return note(its.set(forced_open, now), now);
  case breaker_advice::release:
    return note(its.set(closed, now), now);
  }
}

void node::hear(const news& what, time_point now) {
  auto before = its.period();
  auto was_closed = its.state() == closed;
  auto advice =
    std::visit([&](const auto& each) { return notices.heard(each); }, what);
  apply(advice, now);
  if (const auto* notice = std::get_if<breaker_notice>(&what)) {
    auto name = notice->node + "/" + std::to_string(notice->boot) + "/"
                + std::to_string(notice->number);
    auto fresh = heard_.insert(name).second;
    repeated += !fresh && its.period() != before ? 1 : 0;
    // From here on it lets probes through alone.
    if (advice == breaker_advice::caution && was_closed
        && its.state() != half_open)
      ++too_many;
  }
}

void node::order(bool forced_open_now, time_point now) {
  auto order = notices.order(forced_open_now);
  note(its.set(forced_open_now ? forced_open : closed, now), now);
  all_.tell(index_, order);
}

/// Lets a minute of trouble pass.
void trouble(world& x) {
  bool well = true;
  for (int i = 0; i < 6000; ++i) {
    if (x.dice.roll(1, 300))
      well = !well;
    if (x.dice.roll(1, 400))
      x.isolate(x.dice.below(nodes));
    if (x.dice.roll(1, 300))
      x.heal();
    if (x.dice.roll(1, 2000))
      x.start(x.dice.below(nodes));
    if (x.dice.roll(1, 1500))
      x.all[x.dice.below(nodes)]->order(x.dice.roll(1, 2), x.now);
    x.step(well);
  }
}

} // namespace

TEST_CASE("in every bad network each node lets at most its probes through, "
          "and all agree after it has healed",
          "[breaker][cluster]") {
  uint64_t cautions = 0;
  uint64_t forced = 0;
  for (uint64_t seed = 1; seed <= 200 / TEST_SHARE; ++seed) {
    CAPTURE(seed);
    world x{seed};
    trouble(x);
    // Connections are made anew at last, and the service is well.
    for (size_t i = 0; i < nodes; ++i)
      x.isolate(i);
    x.heal();
    for (int i = 0; i < 6000; ++i)
      x.step(true);
    auto expected =
      x.all[0]->notices.knowledge().order.forced_open ? forced_open : closed;
    forced += expected == forced_open ? 1 : 0;
    for (const auto& each : x.all) {
      CHECK(each->its.state() == expected);
      CHECK(each->notices.knowledge().order
            == x.all[0]->notices.knowledge().order);
      CHECK(each->too_many == 0);
      CHECK(each->repeated == 0);
      cautions += each->cautions;
    }
  }
  CHECK(cautions > 100 / TEST_SHARE);
  CHECK(forced > 0);
}

TEST_CASE("a node that is cut off decides alone", "[breaker][cluster]") {
  world x{1};
  x.isolate(0);
  for (int i = 0; i < 100; ++i) {
    x.now += 10ms;
    x.all[0]->call(false, x.now);
    x.all[1]->call(true, x.now);
  }
  CHECK(x.all[0]->its.state() == open);
  CHECK(x.all[1]->its.state() == closed);
  CHECK(x.all[1]->cautions == 0);
  x.heal();
  x.step(true);
  for (int i = 0; i < 100; ++i)
    x.step(true);
  CHECK(x.all[1]->cautions + x.all[2]->cautions == 2);
  CHECK(x.all[1]->its.state() == closed);
}

TEST_CASE("a trip that is known costs the others their probes, not their "
          "threshold",
          "[breaker][cluster]") {
  world x{3};
  uint64_t through = 0;
  for (int i = 0; i < 3; ++i)
    x.all[0]->call(false, x.now);
  REQUIRE(x.all[0]->its.state() == open);
  breaker_notice known{"a", 1, 1, true};
  for (auto index : {1u, 2u}) {
    auto& each = *x.all[index];
    each.hear(known, x.now);
    REQUIRE(each.its.state() == half_open);
    for (int i = 0; i < 100; ++i) {
      auto before = each.its.metrics(x.now).total_calls;
      each.call(false, x.now);
      through += each.its.metrics(x.now).total_calls - before;
    }
    CHECK(each.its.state() == open);
  }
  CHECK(through == 2);
}
