// Three voters and two nodes that want a role: every order of messages, of
// wake-ups, of restarts and of time that passes, up to a depth, with clocks
// that are up to 10 % wrong. What is never delivered is lost.
#include <bulwark/cluster/detail/role_holder.hpp>
#include <bulwark/cluster/detail/role_voter.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

const lease_times times;
constexpr size_t voters_count = 3;
constexpr size_t nodes_count = 2;

// Between what the slowest holder and the fastest voter take for a lease there
// are 0.12 s: 5.33 s and 5.45 s.
constexpr std::array<duration, 3> passes{250ms, 2200ms, 5500ms};

struct clock_rates {
  std::array<double, voters_count> voters;
  std::array<double, nodes_count> nodes;
};

struct letter {
  size_t node;
  size_t voter;
  bool is_reply;
  lease_call call;
  lease_reply reply;

  friend bool operator==(const letter&, const letter&) = default;
};

time_point local(duration real, double rate) {
  return time_point{1h} + std::chrono::duration_cast<duration>(real * rate);
}

/// All that there is at one moment.
struct world {
  explicit world(const clock_rates& clocks) : rates(clocks) {
    for (size_t i = 0; i < voters_count; ++i)
      voters.emplace_back(times, lease_promise{}, time_point{0h});
    for (size_t i = 0; i < nodes_count; ++i)
      nodes.emplace_back(i == 0 ? "a" : "b", voters_count, times);
    for (size_t i = 0; i < nodes_count; ++i)
      nodes[i].start(here(i), 0);
  }

  time_point here(size_t node) const { return local(now, rates.nodes[node]); }
  time_point there(size_t voter) const {
    return local(now, rates.voters[voter]);
  }

  void carry_out(size_t node, const role_holder::step& what) {
    for (const auto& each : what.send) {
      letter fresh{node, each.voter, false, each.call, {}};
      if (std::find(on_way.begin(), on_way.end(), fresh) == on_way.end())
        on_way.push_back(fresh);
    }
    // Answers to earlier rounds change nothing any more.
    std::erase_if(on_way, [&](const letter& each) {
      return each.node == node && each.is_reply
             && each.reply.round != nodes[node].now_known().round;
    });
  }

  void wake(size_t node) { carry_out(node, nodes[node].wake(here(node), 0)); }

  void deliver(size_t which) {
    auto it = on_way[which];
    on_way.erase(on_way.begin() + static_cast<std::ptrdiff_t>(which));
    if (it.is_reply)
      return carry_out(
        it.node, nodes[it.node].on_reply(it.voter, it.reply, here(it.node), 0));
    auto reply = voters[it.voter].answer(it.call, there(it.voter));
    if (it.call.what != lease_call::kind::release
        && reply.round == nodes[it.node].now_known().round)
      on_way.push_back({it.node, it.voter, true, {}, reply});
  }

  /// Delivers a call, and its answer at once.
  void exchange(size_t which) {
    auto before = on_way.size();
    deliver(which);
    if (on_way.size() == before && on_way.back().is_reply)
      deliver(before - 1);
  }

  void restart(size_t voter) {
    voters[voter] = {times, voters[voter].promise(), there(voter)};
    ++restarts;
  }

  /// Returns what is broken, or "".
  std::string look() {
    size_t holders = 0;
    for (size_t i = 0; i < nodes_count; ++i) {
      if (!nodes[i].holds(here(i)))
        continue;
      ++holders;
      auto token = nodes[i].token();
      if (token < largest || (token == largest && last != i))
        return "a token that is not larger";
      largest = token;
      last = i;
    }
    return holders > 1 ? "two holders" : "";
  }

  clock_rates rates;
  duration now{0};
  std::vector<role_voter> voters;
  std::vector<role_holder> nodes;
  std::vector<letter> on_way;
  int restarts = 0;
  uint64_t largest = 0;
  size_t last = 0;
};

// -- the same worlds are looked at once ---------------------------------------

void add(std::string& key, uint64_t value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void add(std::string& key, time_point value) {
  add(key, static_cast<uint64_t>(value.time_since_epoch().count()));
}

void add(std::string& key, const lease_reply& it) {
  add(key, it.yes | static_cast<uint64_t>(it.to) << 1 | uint64_t{it.held} << 3);
  add(key, it.round);
  add(key, it.token);
  add(key, static_cast<uint64_t>(it.left.count()));
  key += it.holder + ";";
}

std::string key_of(const world& it) {
  std::string key;
  add(key, static_cast<uint64_t>(it.now.count()));
  for (const auto& each : it.voters) {
    const auto& known = each.now_known();
    add(key, known.promise.token);
    add(key, known.until);
    key += known.promise.holder + (known.held ? "!" : ";");
  }
  for (const auto& each : it.nodes) {
    const auto& known = each.now_known();
    add(key, static_cast<uint64_t>(known.at));
    add(key, known.round);
    add(key, known.token);
    add(key, known.began);
    add(key, known.due);
    add(key, known.until);
    for (const auto& reply : known.replies)
      if (reply)
        add(key, *reply);
      else
        key += "-";
  }
  // In whatever order they were sent.
  std::vector<std::string> letters;
  for (const auto& each : it.on_way) {
    auto& text = letters.emplace_back();
    text +=
      static_cast<char>('0' + each.node * 8 + each.voter * 2 + each.is_reply);
    add(text, each.call.token);
    add(text, each.call.round);
    add(text, static_cast<uint64_t>(each.call.what));
    add(text, each.reply);
  }
  std::sort(letters.begin(), letters.end());
  for (const auto& each : letters)
    key += each;
  add(key, it.largest);
  add(key, static_cast<uint64_t>(it.restarts));
  return key;
}

// -- every order --------------------------------------------------------------

/// Every world that can be reached in so many steps, each once.
struct search {
  std::unordered_set<size_t> seen;
  std::vector<world> reached;
  size_t held = 0;
  bool last = false;
  std::string broken;

  void from(const world& begin, int depth) {
    std::vector<world> now{begin};
    for (; depth > 0 && broken.empty(); --depth) {
      reached.clear();
      last = depth == 1;
      for (const auto& each : now)
        step(each);
      now.swap(reached);
    }
  }

  void step(const world& it) {
    for (size_t i = 0; i < it.on_way.size(); ++i) {
      then(it, [&](world& next) { next.deliver(i); });
      if (!it.on_way[i].is_reply)
        then(it, [&](world& next) { next.exchange(i); });
    }
    for (size_t i = 0; i < nodes_count; ++i)
      if (it.nodes[i].now_known().due <= it.here(i))
        then(it, [&](world& next) { next.wake(i); });
    for (auto time : passes)
      then(it, [&](world& next) { next.now += time; });
    for (size_t i = 0; i < voters_count && it.restarts == 0; ++i)
      then(it, [&](world& next) { next.restart(i); });
  }

  template <class F>
  void then(const world& it, F act) {
    auto next = it;
    act(next);
    if (broken.empty())
      broken = next.look();
    held += next.largest > it.largest;
    if (seen.insert(std::hash<std::string>{}(key_of(next))).second && !last)
      reached.push_back(std::move(next));
  }
};

/// Both nodes have looked and ask: the same start for all.
world both_ask(const clock_rates& rates) {
  world it{rates};
  it.now = 3s;
  for (size_t i = 0; i < nodes_count; ++i) {
    it.wake(i);
    while (it.nodes[i].now_known().at == role_holder::phase::looking)
      it.deliver(0);
    std::erase_if(it.on_way, [](const letter& each) {
      return each.is_reply || each.call.what == lease_call::kind::look;
    });
  }
  return it;
}

/// The first node holds the role, and the other one looks.
world one_holds(const clock_rates& rates) {
  auto it = both_ask(rates);
  std::erase_if(it.on_way, [](const letter& each) { return each.node == 1; });
  while (!it.nodes[0].holds(it.here(0)))
    it.deliver(0);
  it.on_way.clear();
  it.look();
  return it;
}

} // namespace

TEST_CASE("no order of events makes two holders, or a smaller token",
          "[lease]") {
  size_t states = 0;
  size_t held = 0;
  auto look = [&](world (*begin)(const clock_rates&), const clock_rates& rates,
                  int depth) {
    search all;
    all.from(begin(rates), depth);
    CAPTURE(rates.voters, rates.nodes, depth);
    REQUIRE(all.broken == "");
    states += all.seen.size();
    held += all.held;
  };
  for (double voter : {0.9, 1.1})
    for (double odd : {0.9, 1.1})
      for (double a : {0.9, 1.1})
        for (double b : {0.9, 1.1}) {
          look(both_ask, {{voter, voter, odd}, {a, b}}, 4);
          look(one_holds, {{voter, voter, odd}, {a, b}}, 4);
        }
  // The holder's clock is slow, those of the voters are fast.
  look(both_ask, {{1.1, 1.1, 1.1}, {0.9, 1.1}}, 6);
  look(one_holds, {{1.1, 1.1, 1.1}, {0.9, 1.1}}, 6);
  CAPTURE(states);
  CHECK(states > 300'000);
  CHECK(held > 100);
}
