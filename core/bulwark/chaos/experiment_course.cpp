#include <bulwark/chaos/experiment_course.hpp>
#include <bulwark/chaos/protection_word.hpp>
#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

namespace {

/// Returns why the first of the conditions holds that one aborts for.
std::optional<std::string> reason_to_abort(const experiment& what,
                                           const figure_readings& readings) {
  for (const auto& each : what.abort_when) {
    auto known = readings.find(each.figure);
    if (known != readings.end() && !broken_by(each, readings))
      return "abort condition " + to_string(each) + " holds";
  }
  return std::nullopt;
}

bool is_upper_limit(steady_condition::relation is) {
  return is == steady_condition::relation::below
         || is == steady_condition::relation::at_most;
}

} // namespace

std::string to_string(experiment_act act) {
  switch (act) {
  case experiment_act::none:
    return "none";
  case experiment_act::inject:
    return "inject";
  case experiment_act::renew:
    return "renew";
  case experiment_act::lift:
    return "lift";
  }
  return "experiment_act(" + std::to_string(static_cast<int>(act)) + ")";
}

experiment_course::experiment_course(experiment what) {
  report_.what = std::move(what);
}

time_point experiment_course::seen(time_point now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

experiment_act experiment_course::look(const figure_readings& readings,
                                       time_point now) {
  seen(now);
  switch (phase_) {
  case phase::before:
    return look_before(readings);
  case phase::during:
    return look_during(readings);
  case phase::after:
    look_after(readings);
    return experiment_act::none;
  case phase::over:
    break;
  }
  return experiment_act::none;
}

experiment_act experiment_course::look_before(const figure_readings& readings) {
  note(readings, report_.before);
  auto why = first_broken(report_.what.steady, readings);
  if (!why)
    why = reason_to_abort(report_.what, readings);
  if (why) {
    end(experiment_verdict::refused, "it was not well before: " + *why);
    return experiment_act::none;
  }
  phase_ = phase::during;
  began_ = latest_;
  return experiment_act::inject;
}

experiment_act experiment_course::look_during(const figure_readings& readings) {
  note_worst(readings);
  if (auto why = reason_to_abort(report_.what, readings))
    return lift(experiment_verdict::aborted, *why);
  auto why = first_broken(report_.what.steady, readings);
  if (!why)
    broken_since_.reset();
  else if (!broken_since_)
    broken_since_ = latest_;
  if (why && latest_ - *broken_since_ >= experiment::broken_max)
    return lift(experiment_verdict::broken,
                *why + ", for " + to_text(latest_ - *broken_since_));
  if (latest_ - began_ >= report_.what.lasts)
    return lift(experiment_verdict::held, "");
  return experiment_act::renew;
}

void experiment_course::look_after(const figure_readings& readings) {
  note(readings, report_.after);
  auto why = first_broken(report_.what.steady, readings);
  if (!why) {
    report_.recovered_after = latest_ - lifted_;
    end(report_.verdict, report_.why);
  } else if (latest_ - lifted_ >= report_.what.recovery) {
    // What was aborted stays so: its author did not wait for its end.
    end(report_.verdict == experiment_verdict::aborted
          ? report_.verdict
          : experiment_verdict::not_recovered,
        *why + ", " + to_text(latest_ - lifted_) + " after the last fault");
  }
}

void experiment_course::see(const event& what, time_point now) {
  seen(now);
  if (phase_ != phase::during && phase_ != phase::after)
    return;
  auto word = protection_of(what);
  if (!word)
    return;
  ++report_.protections[std::string{*word}];
  if (!report_.noticed_after)
    report_.noticed_after = latest_ - began_;
}

experiment_act experiment_course::abort(const std::string& why,
                                        time_point now) {
  seen(now);
  if (phase_ == phase::during)
    return lift(experiment_verdict::aborted, why);
  if (phase_ == phase::before)
    end(experiment_verdict::aborted, why);
  return experiment_act::none;
}

experiment_act experiment_course::refuse(const std::string& why,
                                         time_point now) {
  seen(now);
  if (phase_ == phase::over)
    return experiment_act::none;
  end(experiment_verdict::refused, why);
  return experiment_act::lift;
}

experiment_act experiment_course::lift(experiment_verdict verdict,
                                       std::string why) {
  report_.verdict = verdict;
  report_.why = std::move(why);
  report_.lasted = latest_ - began_;
  lifted_ = latest_;
  phase_ = phase::after;
  return experiment_act::lift;
}

void experiment_course::end(experiment_verdict verdict, std::string why) {
  report_.verdict = verdict;
  report_.why = std::move(why);
  phase_ = phase::over;
}

void experiment_course::note(const figure_readings& from,
                             figure_readings& to) const {
  for (const auto& each : report_.what.steady)
    if (auto known = from.find(each.figure); known != from.end())
      to.insert_or_assign(each.figure, known->second);
}

void experiment_course::note_worst(const figure_readings& readings) {
  for (const auto& each : report_.what.steady) {
    auto known = readings.find(each.figure);
    if (known == readings.end())
      continue;
    auto [worst, fresh] = report_.during.emplace(each.figure, known->second);
    if (!fresh)
      worst->second = is_upper_limit(each.is)
                        ? std::max(worst->second, known->second)
                        : std::min(worst->second, known->second);
  }
}

} // namespace bulwark
