#include "support/dice.hpp"

#include <bulwark/replication/server_plan.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;

namespace {

using kind_of_order = server_order::kind;

const std::vector<std::string> plain_names{"pg-1", "pg-2", "pg-3"};

/// Three servers that do what they are told, with logs that are lists of
/// numbers. A disk is never lost; a server that is asleep does nothing.
class plain_servers {
public:
  explicit plain_servers(uint64_t seed) : random_(seed), servers_(3) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i)
      step();
    for (auto& each : servers_)
      each.asleep = false;
    for (int i = 0; i < 40; ++i) {
      obey(1, 1);
      stream();
    }
  }

  /// Returns what is wrong with whom clients may ask in the end, or "".
  std::string fault() const {
    for (const auto& it : servers_)
      if (it.view.running && !it.view.standby && it.view.open) {
        for (auto each : acknowledged_)
          if (std::find(it.log.begin(), it.log.end(), each) == it.log.end())
            return std::to_string(each) + " is lost";
        return "";
      }
    return "nobody serves";
  }

  size_t promotions = 0;

private:
  struct server {
    server_view view{};
    bool asleep = false;
    std::vector<int> log = {};
    uint64_t open_from = 0;
  };

  static bool holds(const server& a, const std::vector<int>& log) {
    return log.size() <= a.log.size()
           && std::equal(log.begin(), log.end(), a.log.begin());
  }

  void step() {
    auto& it = servers_[random_.below(3)];
    switch (random_.below(10)) {
    case 0:
      stop(it);
      break;
    case 1:
      it.asleep = !it.asleep && random_.roll(1, 2);
      break;
    case 2:
    case 3:
      write(it);
      break;
    case 4:
    case 5:
      stream();
      break;
    default:
      obey(2, 3);
    }
  }

  static void stop(server& it) {
    it.view.running = it.view.left = it.view.open = false;
    it.view.source.clear();
  }

  void write(server& it) {
    if (it.asleep || !it.view.running || it.view.standby || !it.view.open)
      return;
    it.log.push_back(++written_);
    for (auto& other : servers_)
      if (gets_from(other, it) && holds(it, other.log) && random_.roll(1, 2)) {
        other.log = it.log;
        other.view.timeline = it.view.timeline;
        acknowledged_.insert(written_);
      }
  }

  bool gets_from(const server& it, const server& source) const {
    return !it.asleep && it.view.running && it.view.standby && !it.view.left
           && it.view.source == name_of(source);
  }

  std::string name_of(const server& it) const {
    return plain_names[static_cast<size_t>(&it - servers_.data())];
  }

  void stream() {
    for (auto& it : servers_)
      for (auto& source : servers_)
        if (gets_from(it, source) && source.view.running && !source.asleep
            && random_.roll(2, 3)) {
          it.view.stuck = !holds(source, it.log);
          if (it.view.stuck)
            continue;
          it.log = source.log;
          it.view.timeline = std::max(it.view.timeline, source.view.timeline);
        }
  }

  void obey(size_t of, size_t most) {
    std::vector<server_view> views;
    for (auto& it : servers_) {
      it.view.answered = !it.asleep;
      it.view.place = it.log.size();
      it.view.empty = it.view.timeline == 0;
      views.push_back(it.asleep ? server_view{} : it.view);
    }
    for (const auto& each : plan_servers(plain_names, views, 2).orders)
      if (!servers_[each.which].asleep && random_.roll(of, most))
        carry_out(each);
  }

  void carry_out(const server_order& what) {
    auto& it = servers_[what.which];
    auto& source = servers_[what.source];
    switch (what.what) {
    case kind_of_order::create:
      it.view.timeline = 1;
      it.view.running = true;
      break;
    case kind_of_order::stop:
      return stop(it);
    case kind_of_order::leave:
      it.view.running = it.view.left = true;
      it.view.source.clear();
      break;
    case kind_of_order::promise:
      it.view.promised = what.timeline;
      break;
    case kind_of_order::promote:
      ++promotions;
      ++it.view.timeline;
      it.view.standby = it.view.left = it.view.open = false;
      it.open_from = it.log.size();
      break;
    case kind_of_order::restart:
      it.view.running = true;
      it.view.open = false;
      it.open_from = it.log.size();
      break;
    case kind_of_order::follow:
    case kind_of_order::rejoin:
      return follow(it, source, what.what == kind_of_order::rejoin);
    case kind_of_order::open:
      for (auto& other : servers_)
        if (gets_from(other, it) && holds(it, other.log)
            && other.log.size() >= it.open_from)
          it.view.open = true;
      break;
    }
  }

  void follow(server& it, server& source, bool drops) {
    if (!source.view.running || source.asleep)
      return;
    if (drops || it.view.empty) {
      it.log = source.log;
      it.view.timeline = source.view.timeline;
    }
    it.view.running = it.view.standby = it.view.open = true;
    it.view.left = it.view.stuck = false;
    it.view.source = name_of(source);
  }

  test::dice random_;
  std::vector<server> servers_;
  std::set<int> acknowledged_;
  int written_ = 0;
};

} // namespace

TEST_CASE("whoever dies or sleeps, no acknowledged entry of servers is lost",
          "[server_plan]") {
  size_t promotions = 0;
  for (uint64_t seed = 1; seed <= 20'000; ++seed) {
    plain_servers servers{seed};
    servers.run(120);
    CAPTURE(seed);
    REQUIRE(servers.fault() == "");
    promotions += servers.promotions;
  }
  CHECK(promotions > 20'000);
}
