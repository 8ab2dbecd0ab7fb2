// Nodes in one thread, with stores in memory and a clock that is told: links
// are cut and healed, batches lost, nodes restarted and stores emptied.

#include "support/dice.hpp"

#include <bulwark/events/detail/event_exchange.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using origin = std::pair<std::string, uint64_t>;
using positions = std::map<origin, uint64_t>;
using list = std::vector<event_position>;

constexpr auto beat = 100ms;
constexpr uint64_t batch_max = 7;
constexpr int rounds_max = 2'000;

list list_of(const positions& from) {
  list result;
  for (const auto& [name, upto] : from)
    result.push_back({name.first, name.second, upto});
  return result;
}

/// A node as the exchange needs it: what it has, and its link to each peer.
struct node {
  explicit node(std::string its_name)
    : name(std::move(its_name)), exchange(name) {}

  std::string name;
  uint64_t boot = 1;
  positions has;
  event_exchange exchange;
  std::set<std::string> peers;

  /// To whom a batch is on its way.
  std::set<std::string> sending;
};

/// A batch that was sent and has not arrived.
struct packet {
  std::string from;
  std::string to;
  event_exchange::batch what;
  uint64_t last = 0;
};

class world {
public:
  world(uint64_t seed, size_t count) : chance_(seed) {
    for (size_t i = 0; i < count; ++i)
      nodes_.emplace_back("n" + std::to_string(i));
    for (size_t a = 0; a < count; ++a)
      for (size_t b = 0; b < a; ++b)
        cut_[{a, b}] = true;
    heal_all();
  }

  void disturb() {
    auto who = chance_.below(nodes_.size());
    auto& it = nodes_[who];
    switch (chance_.below(8)) {
    case 0:
      set_link(who, chance_.below(nodes_.size()), false);
      break;
    case 1:
      set_link(who, chance_.below(nodes_.size()), true);
      break;
    case 2:
      restart(who);
      break;
    case 3:
      if (chance_.roll(1, 4))
        lose_store(it);
      break;
    default:
      emit(it, 1 + chance_.below(20));
    }
  }

  /// One beat: some batches arrive, positions are told, and more is sent.
  void step(bool lossy) {
    now_ += beat;
    for (auto waiting = std::exchange(on_way_, {}); auto& each : waiting) {
      if (chance_.roll(1, 3))
        on_way_.push_back(each);
      else if (lossy && chance_.roll(1, 5))
        lose(each);
      else
        arrive(each);
    }
    for (auto& from : nodes_) {
      auto moved = from.exchange.take_moved();
      for (const auto& to : from.peers)
        named(to).exchange.told(from.name, moved, false, now_);
      for (const auto& to : from.peers)
        feed(from, to);
    }
  }

  void heal_all() {
    for (size_t a = 0; a < nodes_.size(); ++a)
      for (size_t b = 0; b < a; ++b)
        set_link(a, b, true);
  }

  /// Returns whether all have all, within `rounds_max` beats.
  bool becomes_quiet() {
    for (int i = 0; i < rounds_max; ++i) {
      step(false);
      if (on_way_.empty()
          && std::all_of(nodes_.begin(), nodes_.end(), [this](auto& x) {
               return x.has == nodes_.front().has;
             }))
        return true;
    }
    return false;
  }

  const std::deque<node>& nodes() const { return nodes_; }

private:
  node& named(const std::string& name) {
    return *std::find_if(nodes_.begin(), nodes_.end(),
                         [&](auto& x) { return x.name == name; });
  }

  void emit(node& at, uint64_t count) {
    auto& upto = at.has[{at.name, at.boot}];
    upto += count;
    at.exchange.moved({{at.name, at.boot, upto}}, now_);
  }

  void set_link(size_t a, size_t b, bool whole) {
    if (a == b)
      return;
    auto& cut = cut_[{std::max(a, b), std::min(a, b)}];
    if (cut != whole)
      return;
    cut = !whole;
    for (auto [from, to] : {std::pair{a, b}, std::pair{b, a}})
      whole ? connect(nodes_[from], nodes_[to])
            : disconnect(nodes_[from], nodes_[to]);
  }

  void connect(node& from, node& to) {
    from.peers.insert(to.name);
    from.exchange.add_peer(to.name);
    from.exchange.told(to.name, list_of(to.has), true, now_);
  }

  void disconnect(node& from, node& to) {
    from.peers.erase(to.name);
    from.sending.erase(to.name);
    from.exchange.remove_peer(to.name);
    std::erase_if(on_way_, [&](const packet& x) {
      return x.from == from.name && x.to == to.name;
    });
  }

  /// All links break, and the node begins a new boot with what its store has.
  void restart(size_t who) {
    std::set<size_t> linked;
    for (size_t other = 0; other < nodes_.size(); ++other)
      if (nodes_[who].peers.contains(nodes_[other].name))
        linked.insert(other);
    for (auto other : linked)
      set_link(who, other, false);
    auto& it = nodes_[who];
    ++it.boot;
    it.exchange = event_exchange{it.name};
    it.exchange.moved(list_of(it.has), now_);
    for (auto other : linked)
      set_link(who, other, true);
  }

  /// As a monitor does: it tells all anew. What only this node had is gone,
  /// so it is asked to give away first what others lack.
  void lose_store(node& at) {
    for (const auto& [name, upto] : at.has)
      if (std::none_of(
            nodes_.begin(), nodes_.end(), [&, n = name, u = upto](auto& other) {
              auto found = other.has.find(n);
              return other.name != at.name && found != other.has.end()
                     && found->second >= u;
            }))
        return;
    at.has.clear();
    at.exchange.lost_history({}, now_);
    for (const auto& to : at.peers)
      named(to).exchange.told(at.name, at.exchange.all(), true, now_);
  }

  void feed(node& from, const std::string& to) {
    auto batch = from.exchange.next(to, now_);
    if (!batch)
      return;
    CAPTURE(from.name, to, batch->node, batch->boot, batch->first);
    // At most one is on its way.
    REQUIRE(from.sending.insert(to).second);
    REQUIRE_FALSE(from.exchange.next(to, now_));
    auto upto = from.has[{batch->node, batch->boot}];
    // A store that has less than was told cannot read it.
    auto last = std::min(upto, batch->first + batch_max - 1);
    on_way_.push_back({from.name, to, *batch, last});
  }

  void lose(const packet& what) {
    auto& from = named(what.from);
    from.sending.erase(what.to);
    from.exchange.lost(what.to);
  }

  void arrive(const packet& what) {
    auto& from = named(what.from);
    auto& to = named(what.to);
    from.sending.erase(what.to);
    origin name{what.what.node, what.what.boot};
    auto& upto = to.has[name];
    if (what.last >= what.what.first && upto + 1 >= what.what.first)
      upto = std::max(upto, what.last);
    if (upto > 0)
      to.exchange.moved({{name.first, name.second, upto}}, now_);
    from.exchange.arrived(what.to, std::min(upto, what.last), now_);
    if (upto == 0)
      to.has.erase(name);
  }

  test::dice chance_;
  time_point now_{1h};
  std::deque<node> nodes_;
  std::map<std::pair<size_t, size_t>, bool> cut_;
  std::vector<packet> on_way_;
};

} // namespace

TEST_CASE("when it is quiet all nodes have the same events",
          "[event_exchange]") {
  for (uint64_t seed = 1; seed <= 300 / TEST_SHARE; ++seed) {
    CAPTURE(seed);
    test::dice chance{seed};
    world all{seed, 2 + chance.below(4)};
    for (int i = 0; i < 200; ++i) {
      all.disturb();
      all.step(true);
    }
    all.heal_all();
    REQUIRE(all.becomes_quiet());
    REQUIRE_FALSE(all.nodes().front().has.empty());
  }
}

TEST_CASE("own events are sent at once, those of others after a while",
          "[event_exchange]") {
  time_point now{1h};
  event_exchange it{"alpha"};
  it.add_peer("beta");
  it.moved({{"alpha", 1, 5}, {"gamma", 1, 7}}, now);
  // What it has is not known yet.
  CHECK_FALSE(it.next("beta", now));
  it.told("beta", {}, true, now);
  auto own = it.next("beta", now);
  REQUIRE(own);
  CHECK(own->node == "alpha");
  CHECK(own->first == 1);
  it.arrived("beta", 5, now);
  CHECK_FALSE(it.next("beta", now));
  now += event_exchange::relay_after - 1ns;
  CHECK_FALSE(it.next("beta", now));
  now += 1ns;
  auto relayed = it.next("beta", now);
  REQUIRE(relayed);
  CHECK(relayed->node == "gamma");
  // It was refused, and is not tried at once.
  it.arrived("beta", 0, now);
  CHECK_FALSE(it.next("beta", now));
  CHECK(it.next("beta", now + event_exchange::relay_after));
}

TEST_CASE("a node's oldest boots make room, and a node too many has none",
          "[event_exchange]") {
  time_point now{1h};
  event_exchange it{"alpha"};
  for (uint64_t boot = 1; boot <= event_exchange::boots_max; ++boot)
    it.moved({{"beta", boot + 1, 3}}, now);
  CHECK_FALSE(it.takes("beta", 1));
  CHECK(it.takes("beta", 2));
  it.moved({{"beta", 100, 3}}, now);
  CHECK(it.take_forgotten() == std::vector<origin>{{"beta", 2}});
  CHECK(it.take_forgotten().empty());
  CHECK_FALSE(it.takes("beta", 2));
  it.moved({{"beta", 1, 9}}, now);
  CHECK(it.all().size() == event_exchange::boots_max);

  for (size_t i = 1; i < event_exchange::nodes_max; ++i)
    it.moved({{"n" + std::to_string(i), 1, 1}}, now);
  CHECK_FALSE(it.takes("omega", 1));
  it.moved({{"omega", 1, 1}}, now);
  CHECK(it.all().size()
        == event_exchange::boots_max + event_exchange::nodes_max - 1);
  // Its own are always taken.
  CHECK(it.takes("alpha", 1));
}
