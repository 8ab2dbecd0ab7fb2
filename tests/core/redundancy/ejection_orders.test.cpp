// Goal: ejection decides as the rules say, in every order of events.
// Method: all sequences of five acts on three members, after different
// beginnings, played to the decision and to a plain one that remembers every
// answer; after each act both must say the same, and never may too many be
// ejected.

#include "core/redundancy/plain_ejection.hpp"

#include <bulwark/redundancy/detail/outlier_ejection.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr size_t three = 3;

/// What may happen to each member, and to all of them.
enum class deed : uint8_t { value, error, slow, late_error, turn };
constexpr size_t deeds = 5;
constexpr size_t ejection_acts = three * deeds + 2;

/// Both, side by side.
class pair_of_ejections {
public:
  explicit pair_of_ejections(const ejection_options& options)
    : options_(options), ours_(options), plain_(options, three) {
    ours_.declare(three);
    for (size_t i = 0; i < three; ++i)
      turn(i);
  }

  void play(size_t act) {
    if (act < three * deeds)
      return happens(act / deeds, static_cast<deed>(act % deeds));
    now_ += act == three * deeds ? 1s : 11s;
    for (const auto& each : ours_.wake(now_))
      told_.push_back(each);
    plain_.wake(now_);
  }

  bool equal() const {
    for (size_t i = 0; i < three; ++i)
      if (ours_.ejected(i) != plain_.ejected(i)
          || ours_.usable(i) != plain_.usable(i))
        return false;
    return told_ == plain_.told() && ours_.panics() == plain_.panics();
  }

  /// Within the bound, one usable where one is up, and each that is ejected
  /// with a time to come back.
  bool sound() const {
    auto up = ours_.members_up();
    auto most =
      static_cast<size_t>(options_.share_max * static_cast<double>(up));
    size_t usable = 0;
    for (size_t i = 0; i < three; ++i)
      usable += ours_.usable(i);
    return ours_.ejected() <= most && (up == 0 || usable > 0)
           && (up == 0 || ours_.ejected() < up)
           && (ours_.ejected() > 0) == (ours_.next() < time_point::max());
  }

private:
  void happens(size_t who, deed what) {
    switch (what) {
    case deed::value:
      return answer(who, false, now_, 1ms);
    case deed::error:
      return answer(who, true, now_, 1ms);
    case deed::slow:
      return answer(who, false, now_, 200ms);
    case deed::late_error:
      return answer(who, true, now_ - 500ms, 500ms);
    case deed::turn:
      return turn(who);
    }
  }

  void answer(size_t who, bool error, time_point began, duration took) {
    using ending = outlier_ejection::ending;
    auto how = error ? ending::error : ending::value;
    if (auto change = ours_.answered(who, {how, began, took}, now_))
      told_.push_back(*change);
    plain_.answered(who, error, began, took, now_);
  }

  /// It dies, or comes back.
  void turn(size_t who) {
    up_[who] = !up_[who];
    if (up_[who]) {
      ours_.up(who, now_);
      return plain_.up(who, now_);
    }
    for (const auto& each : ours_.down(who, now_))
      told_.push_back(each);
    plain_.down(who, now_);
  }

  ejection_options options_;
  outlier_ejection ours_;
  test::plain_ejection plain_;
  time_point now_{1h};
  bool up_[three] = {};
  std::vector<ejection_change> told_;
};

std::string shown_acts(const std::vector<size_t>& acts) {
  std::string result;
  for (auto each : acts) {
    if (each < three * deeds)
      result += std::to_string(each / deeds) + "VESLT"[each % deeds] + ' ';
    else
      result += each == three * deeds ? "1s " : "11s ";
  }
  return result;
}

/// Plays all sequences of five acts after `beginning`, and so all shorter ones.
void play_all_ejections(const ejection_options& options,
                        const std::vector<size_t>& beginning) {
  pair_of_ejections begun{options};
  for (auto each : beginning)
    begun.play(each);
  REQUIRE(begun.equal());
  size_t played = 0;
  std::vector<size_t> acts;
  auto go_on = [&](auto& self, const pair_of_ejections& at) -> void {
    for (size_t act = 0; act < ejection_acts; ++act) {
      if (acts.size() == 1 && (acts[0] + act) % TEST_SHARE != 0)
        continue;
      auto both = at;
      acts.push_back(act);
      both.play(act);
      if (!both.equal() || !both.sound()) {
        CAPTURE(shown_acts(acts), both.equal());
        FAIL("ejection and the plain one differ, or too many are ejected");
      }
      ++played;
      if (acts.size() < 5)
        self(self, both);
      acts.pop_back();
    }
  };
  go_on(go_on, begun);
  CHECK(played * TEST_SHARE > 1'400'000);
}

ejection_options small_ejection() {
  ejection_options result;
  result.errors_in_row = 2;
  result.error_share = 0.6;
  result.error_answers = 3;
  result.latency_answers = 2;
  result.latency_members = 3;
  result.length = 12s;
  result.length_max = 30s;
  return result;
}

} // namespace

TEST_CASE("ejection decides as the rules say in every sequence of five acts",
          "[ejection]") {
  play_all_ejections(small_ejection(), {});
}

TEST_CASE("ejection decides as the rules say when there is room for two",
          "[ejection]") {
  auto options = small_ejection();
  options.share_max = 1;
  options.panic_below = 0.3;
  // 0 is ejected.
  play_all_ejections(options, {1, 1});
}

TEST_CASE("latency ejects as the rules say in every sequence of five acts",
          "[ejection]") {
  // Each has answered twice, so that all are compared.
  play_all_ejections(small_ejection(), {0, 0, 5, 5, 10, 10});
}
