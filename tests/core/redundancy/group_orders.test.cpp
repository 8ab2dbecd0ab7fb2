// Goal: a group decides as the rules say, in every order of events.
// Method: all sequences of five acts on two active and two standby members, and
// on three, played to the group and to a plain one; after each act both must
// say the same, and the promises of the group must hold by themselves.

#include "core/redundancy/plain_group.hpp"

#include <bulwark/redundancy/detail/redundancy_group.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

enum class turn_of : uint8_t { fail, start, heal, degrade, eject };
constexpr size_t turns = 5;

struct shape {
  size_t active;
  size_t standby;

  size_t size() const { return active + standby; }
};

std::vector<std::string> named(const char* stem, size_t n) {
  std::vector<std::string> result;
  for (size_t i = 1; i <= n; ++i)
    result.push_back(stem + std::to_string(i));
  return result;
}

/// Both, side by side.
class pair_of_groups {
public:
  pair_of_groups(shape of, const group_options& options)
    : of_(of),
      options_(options),
      ours_(named("a", of.active), named("s", of.standby), options, now_),
      plain_(of.active, of.standby, options, now_) {}

  void play(size_t act) {
    if (act < of_.size() * turns)
      return happens(act / turns, static_cast<turn_of>(act % turns));
    now_ += 61s;
    note(ours_.wake(now_));
    plain_.wake(now_);
  }

  bool equal() const {
    for (size_t i = 0; i < of_.size(); ++i)
      if (member(i).active != plain_.active(i)
          || member(i).good() != plain_.good(i))
        return false;
    return true;
  }

  /// What is promised of each group, by the members alone.
  bool sound() const {
    size_t active = 0;
    size_t good_active = 0;
    size_t good = 0;
    for (const auto& each : ours_.members()) {
      auto down = each.status == member_status::failed
                  || each.status == member_status::recovering;
      if (each.active && down)
        return false;
      active += each.active;
      good_active += each.active && each.good();
      good += each.good();
    }
    auto possible = std::min(options_.min_healthy, good);
    auto exhausted = good < options_.min_healthy;
    return active <= of_.active && good_active >= possible && !contradicted_
           && exhausted == exhausted_;
  }

private:
  const group_replica& member(size_t i) const { return ours_.members()[i]; }

  void happens(size_t who, turn_of what) {
    switch (what) {
    case turn_of::fail:
      note(ours_.failed(who, "boom", now_));
      return plain_.failed(who, now_);
    case turn_of::start:
      ours_.recovering(who);
      return plain_.recovering(who);
    case turn_of::heal:
      note(ours_.healthy(who, now_));
      return plain_.healthy(who, now_);
    case turn_of::degrade:
      note(ours_.degraded(who, "slow"));
      return plain_.degraded(who);
    case turn_of::eject:
      auto is = !member(who).ejected;
      note(ours_.ejected(who, is));
      return plain_.ejected(who, is);
    }
  }

  /// The steps must tell of each change, once, and of no other: who is active
  /// follows from them alone.
  void note(const redundancy_group::steps& steps) {
    for (const auto& each : steps) {
      auto was = each.member == redundancy_step::nobody || told_[each.member];
      if (each.kind == redundancy_step_kind::standby_promoted
          || each.kind == redundancy_step_kind::resumed
          || each.kind == redundancy_step_kind::failed_back) {
        contradicted_ |= was;
        told_[each.member] = true;
      } else if (each.kind == redundancy_step_kind::stood_down) {
        contradicted_ |= !was;
        told_[each.member] = false;
      } else if (each.kind == redundancy_step_kind::replica_failed) {
        told_[each.member] = false;
      }
      exhausted_ |= each.kind == redundancy_step_kind::group_exhausted;
    }
    for (size_t i = 0; i < of_.size(); ++i)
      contradicted_ |= told_[i] != member(i).active;
    if (ours_.health().fault_tolerance_level != fault_tolerance::low)
      exhausted_ = false;
  }

  shape of_;
  group_options options_;
  time_point now_{1h};
  redundancy_group ours_;
  test::plain_group plain_;
  std::vector<bool> told_ = first_active();
  bool contradicted_ = false;
  bool exhausted_ = false;

  std::vector<bool> first_active() const {
    std::vector<bool> result(of_.size());
    std::fill_n(result.begin(), of_.active, true);
    return result;
  }
};

std::string shown_turns(const std::vector<size_t>& acts, shape of) {
  std::string result;
  for (auto each : acts)
    result += each < of.size() * turns
                ? std::to_string(each / turns) + "FSHDE"[each % turns] + ' '
                : std::string{"61s "};
  return result;
}

/// Plays all sequences of that length, and so all shorter ones.
void play_all_groups(shape of, const group_options& options, size_t length) {
  auto acts_of = of.size() * turns + 1;
  size_t played = 0;
  std::vector<size_t> acts;
  auto go_on = [&](auto& self, const pair_of_groups& at) -> void {
    for (size_t act = 0; act < acts_of; ++act) {
      if (acts.size() == 1 && (acts[0] + act) % TEST_SHARE != 0)
        continue;
      auto both = at;
      acts.push_back(act);
      both.play(act);
      if (!both.equal() || !both.sound()) {
        CAPTURE(shown_turns(acts, of), both.equal(), both.sound());
        FAIL("the group and the plain one differ, or a promise is broken");
      }
      ++played;
      if (acts.size() < length)
        self(self, both);
      acts.pop_back();
    }
  };
  go_on(go_on, pair_of_groups{of, options});
  size_t all = 1;
  for (size_t i = 0; i < length; ++i)
    all *= acts_of;
  CHECK((played + acts_of) * TEST_SHARE >= all);
}

} // namespace

TEST_CASE("two active and two standby decide as the rules say in every "
          "sequence of five acts",
          "[group]") {
  group_options options;
  options.min_healthy = 2;
  options.policy = GENERATE(fail_back::stay, fail_back::preferred);
  // Every sequence of four of both, and of five of the one that does more.
  play_all_groups({2, 2}, options,
                  options.policy == fail_back::preferred ? 5 : 4);
}

TEST_CASE("three members decide as the rules say in every sequence of five "
          "acts",
          "[group]") {
  group_options options;
  options.policy = fail_back::preferred;
  auto [active, standby, least] = GENERATE(table<size_t, size_t, size_t>(
    {{1, 2, 1}, {2, 1, 1}, {2, 1, 2}, {3, 0, 2}}));
  options.min_healthy = least;
  play_all_groups({active, standby}, options, 5);
}
