// Goal: a breaker decides as the rules say, in every order of events.
// Method: all sequences of a few acts, up to a length, played to the breaker
// and to a plain one that remembers every call; after each act both must say
// the same, in all metrics, and never may too many probes be under way.

#include "core/protection/plain_breaker.hpp"

#include <bulwark/protection/detail/breaker.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

enum class act : uint8_t {
  success,
  failure,
  ignored,
  slow,
  // A call that began first of all ends with a failure, and begins anew.
  late,
  time,
};

constexpr size_t acts = 6;

/// Both, side by side.
class pair_of_breakers {
public:
  explicit pair_of_breakers(const breaker_options& options)
    : ours_(options), plain_(options) {
    begin_long_call();
  }

  void play(act what) {
    switch (what) {
    case act::success:
      return call({call_outcome::success, 10ms});
    case act::failure:
      return call({call_outcome::failure, 20ms});
    case act::ignored:
      return call({call_outcome::ignored, 10ms});
    case act::slow:
      return call({call_outcome::success, 3s});
    case act::late:
      if (held_)
        end(*held_, {call_outcome::failure, 1s});
      return begin_long_call();
    case act::time:
      now_ += 3s;
      return;
    }
  }

  bool equal() const {
    return ours_.metrics(now_) == plain_.metrics(now_)
           && ours_.period() == plain_.period() && !differed_;
  }

  breaker_metrics ours() const { return ours_.metrics(now_); }
  breaker_metrics plain() const { return plain_.metrics(now_); }

private:
  std::optional<breaker_ticket> begin() {
    auto verdict = ours_.admit(now_);
    auto said = plain_.admit(now_);
    differed_ |=
      verdict.admitted != said.admitted || verdict.ticket.period != said.period;
    note(verdict.change);
    return verdict.admitted ? std::optional{verdict.ticket} : std::nullopt;
  }

  void end(breaker_ticket ticket, const call_end& how) {
    auto change = ours_.record(ticket, how, now_);
    plain_.record(ticket.period, how, now_);
    note(change);
  }

  // Each change is told once, in the order of their numbers.
  void note(const std::optional<breaker_change>& change) {
    if (change)
      differed_ |=
        change->period != ++changes_ + 1 || change->period != plain_.period();
  }

  void begin_long_call() { held_ = begin(); }

  void call(const call_end& how) {
    if (auto ticket = begin())
      end(*ticket, how);
  }

  breaker ours_;
  test::plain_breaker plain_;
  time_point now_{1h};
  uint32_t changes_ = 0;
  bool differed_ = false;
  std::optional<breaker_ticket> held_;
};

std::string shown(const std::vector<act>& sequence) {
  static constexpr char letters[] = "SFIWLT";
  std::string result;
  for (auto each : sequence)
    result += letters[static_cast<size_t>(each)];
  return result;
}

/// Plays all sequences of that length, and so all shorter ones.
void play_all(const breaker_options& options, size_t length) {
  size_t count = 1;
  for (size_t i = 0; i < length; ++i)
    count *= acts;
  std::vector<act> sequence(length);
  size_t played = 0;
  for (size_t number = 0; number < count; number += TEST_SHARE) {
    pair_of_breakers both{options};
    auto rest = number;
    ++played;
    for (size_t i = 0; i < length; ++i) {
      sequence[i] = static_cast<act>(rest % acts);
      rest /= acts;
      both.play(sequence[i]);
      if (both.equal())
        continue;
      CAPTURE(shown(sequence), i);
      CHECK(both.ours().state == both.plain().state);
      CHECK(both.ours().failure_count == both.plain().failure_count);
      CHECK(both.ours().total_calls == both.plain().total_calls);
      CHECK(both.ours().refused == both.plain().refused);
      FAIL("the breaker and the plain one differ");
    }
  }
  CHECK(played * TEST_SHARE >= count);
}

breaker_options small(breaker_policy policy) {
  return {.policy = policy,
          .failure_threshold = 2,
          .recovery_timeout = 6s,
          .success_threshold = 2,
          .window_calls = 3,
          .window = 10s,
          .calls_min = 2,
          .failure_rate = 0.5,
          .slow_rate = 0.6,
          .slow_call = 2s,
          .jitter = 0,
          .probe_limit = 1h};
}

} // namespace

TEST_CASE("a counting breaker decides as the rules say in every sequence of "
          "eight acts",
          "[breaker]") {
  play_all(small(breaker_policy::counter), 8);
}

TEST_CASE("a breaker that counts failures in a row decides as the rules say "
          "in every sequence of eight acts",
          "[breaker]") {
  play_all(small(breaker_policy::consecutive), 8);
}

TEST_CASE("a window of calls decides as the rules say in every sequence of "
          "six acts",
          "[breaker]") {
  auto options = small(breaker_policy::count_window);
  play_all(options, 6);
  options.failure_rate = 1;
  options.slow_rate = 1;
  options.calls_min = 3;
  play_all(options, 6);
}

TEST_CASE("a window of time decides as the rules say in every sequence of six "
          "acts",
          "[breaker]") {
  auto options = small(breaker_policy::time_window);
  play_all(options, 6);
  options.failure_rate = 1;
  options.slow_rate = 0.7;
  options.calls_min = 3;
  play_all(options, 6);
}
