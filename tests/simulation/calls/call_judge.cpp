#include "simulation/calls/call_judge.hpp"

#include <bulwark/text/duration_text.hpp>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

// A gate looks at most this much later than a deadline.
constexpr bulwark::duration late_by_a_look = 2ms;

std::string call_text(int call) {
  return "call " + std::to_string(call);
}

} // namespace

void call_judge::note(const std::string& line, bulwark::time_point now) {
  text_ += bulwark::to_text(now.time_since_epoch()) + ' ' + line + '\n';
  ++lines_;
}

void call_judge::check(bool holds, const std::string& checker,
                       const std::string& how) {
  if (holds || broken_ || (!only_.empty() && only_ != checker))
    return;
  broken_ = violation{checker, how, lines_};
}

void call_judge::asked(int call, bool idempotent, bulwark::time_point now) {
  note(call_text(call) + (idempotent ? " may be repeated" : " is made"), now);
  calls_[call] = {now + of_.gate.timeout, idempotent};
  met_.count("call");
}

size_t call_judge::most_attempts(const seen_call& it) const {
  auto beside = of_.crashes ? size_t{of_.gate.bystander_limit} : 0;
  return it.idempotent ? of_.retry.attempts + of_.hedge.extra + beside : 1;
}

void call_judge::begun(int call, bulwark::time_point now) {
  auto& it = calls_.at(call);
  note(call_text(call) + " is begun", now);
  ++it.begun;
  check(it.begun <= most_attempts(it), "attempts",
        call_text(call) + " was begun " + std::to_string(it.begun)
          + " times; it may be " + std::to_string(most_attempts(it)));
  check(now <= it.deadline + late_by_a_look, "in_time",
        call_text(call) + " was begun " + bulwark::to_text(now - it.deadline)
          + " after its deadline");
  if (it.begun == 1)
    return;
  ++extra_;
  met_.count("call that is tried again");
  // What dies beside others is repeated without a token. A scene is shorter
  // than tokens live.
  auto most = of_.budget.share * static_cast<double>(calls_.size())
              + 10.0 * of_.budget.per_second;
  check(of_.crashes || static_cast<double>(extra_) <= most, "budget",
        std::to_string(extra_) + " extra attempts of "
          + std::to_string(calls_.size()) + " calls; there may be "
          + std::to_string(most));
}

void call_judge::answered(int call, int back, std::optional<bulwark::errc> why,
                          bulwark::time_point now) {
  auto& it = calls_.at(call);
  auto how = !why                      ? std::string{"a value"}
             : *why == bulwark::errc{} ? std::string{"an error of its service"}
                                       : bulwark::to_string(*why);
  note(call_text(call) + " gets " + how, now);
  met_.count("call that gets " + how);
  ++it.answers;
  check(it.answers == 1, "one_answer", call_text(call) + " has two answers");
  check(why || back == call, "one_answer",
        call_text(call) + " has the answer to call " + std::to_string(back));
  check(why || it.begun > 0, "one_answer",
        call_text(call) + " has a value, though nobody has begun it");
  check(now <= it.deadline + late_by_a_look, "one_answer",
        call_text(call) + " was answered " + bulwark::to_text(now - it.deadline)
          + " after its deadline");
}

void call_judge::probing(size_t under_way) {
  met_.count("call that is a probe");
  check(under_way <= of_.breaker.success_threshold, "probes",
        std::to_string(under_way) + " probes are under way; there may be "
          + std::to_string(of_.breaker.success_threshold));
}

void call_judge::ended(const rest& what) {
  for (const auto& [call, it] : calls_)
    check(it.answers == 1, "one_answer", call_text(call) + " has no answer");
  auto left = [this](size_t count, const std::string& of) {
    check(count == 0, "all_back", std::to_string(count) + of + " left");
  };
  left(what.permits, " permits are");
  left(what.open_requests, " entries are");
  left(what.in_flight, " attempts are in flight, and none is");
  left(what.waiting, " calls wait, and none is");
}

} // namespace test::sim
