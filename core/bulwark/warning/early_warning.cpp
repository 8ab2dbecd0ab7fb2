#include <bulwark/text/duration_text.hpp>
#include <bulwark/warning/detail/exhaustion.hpp>
#include <bulwark/warning/detail/failure_forecast.hpp>
#include <bulwark/warning/early_warning.hpp>

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

namespace bulwark {

namespace {

constexpr double full = 100;

/// So far below where it was warned of, in percent, it is another situation.
constexpr double clearly_less = 5;

/// So many more failures within half the time that as many took so far.
constexpr size_t closer_confirm = 3;

/// Where failures have become as even as chance makes them.
constexpr double closing_in_over = 1;

std::string figure_text(double value) {
  std::ostringstream out;
  out << std::setprecision(3) << value;
  return out.str();
}

/// Returns the entry of `name`, or null where there are too many.
template <class Map>
typename Map::mapped_type* entry_of(Map& map, const std::string& name,
                                    size_t most) {
  if (auto known = map.find(name); known != map.end())
    return &known->second;
  return map.size() < most ? &map[name] : nullptr;
}

void append(early_warning::notices& to, std::optional<warning_notice> what) {
  if (what)
    to.push_back(std::move(*what));
}

std::string basis_of(const exhaustion_forecast& by, double percent) {
  return figure_text(percent) + " % in use, " + figure_text(by.rise_per_minute)
         + " % more each minute; the line through " + std::to_string(by.samples)
         + " samples explains " + figure_text(by.explained)
         + " of the variance; " + to_text(by.by_long) + " by all of them, "
         + to_text(by.by_short) + " by the second half";
}

} // namespace

time_point early_warning::seen(time_point now) {
  latest_ = std::max(latest_, now);
  return latest_;
}

warning early_warning::make(warning_kind kind, const std::string& subject,
                            duration ahead) const {
  warning result;
  result.kind = kind;
  result.subject = subject;
  result.at = latest_;
  result.due = latest_ + ahead;
  result.expires = result.due + std::max(ahead, options_.grace);
  return result;
}

early_warning::notices early_warning::sample(const resource_sample& what,
                                             time_point now) {
  notices result;
  auto* of = entry_of(resources_, what.subject, subjects_max);
  if (!of || !std::isfinite(what.percent))
    return result;
  const auto kind = warning_kind::exhaustion;
  const auto count = of->samples.size();
  const auto was_full =
    count > 0 && of->samples[count - 1].utilization_percent >= full;
  of->samples.add({seen(now), what.percent});
  if (what.percent >= full) {
    if (!was_full && (count > 0 || warnings_.find(kind, what.subject)))
      append(result, warnings_.come_true(kind, what.subject));
    return result;
  }
  if (what.percent < of->warned_at - clearly_less)
    warnings_.over(kind, what.subject);
  auto by = foresee_exhaustion(of->samples, options_);
  if (!by)
    return result;
  auto told = make(kind, what.subject, by->ahead);
  told.forecast = what.subject + " is used up in " + to_text(by->ahead);
  told.basis = basis_of(*by, what.percent);
  told.advice = what.advice;
  append(result, warnings_.raise(std::move(told)));
  if (!result.empty())
    of->warned_at = what.percent;
  return result;
}

early_warning::notices early_warning::failed(const std::string& component,
                                             uint32_t limit, duration period,
                                             time_point now) {
  notices result;
  auto* of = entry_of(failures_, component, subjects_max);
  if (!of)
    return result;
  if (of->size() == failures_max)
    of->erase(of->begin());
  of->push_back(seen(now));
  if (limit > 0)
    pass_limit(component, limit, period, result);
  close_in(component, result);
  return result;
}

void early_warning::pass_limit(const std::string& component, uint32_t limit,
                               duration period, notices& to) {
  const auto kind = warning_kind::restart_limit;
  const auto& times = failures_[component];
  auto inside = static_cast<size_t>(
    times.end()
    - std::upper_bound(times.begin(), times.end(), latest_ - period));
  if (inside == limit + size_t{1})
    return append(to, warnings_.come_true(kind, component));
  if (inside <= 1)
    warnings_.over(kind, component);
  auto ahead = foresee_limit(times, limit, period);
  if (!ahead || *ahead > options_.horizon)
    return;
  auto told = make(kind, component, *ahead);
  told.forecast =
    component + " passes its limit of restarts in " + to_text(*ahead);
  told.basis = std::to_string(inside) + " failures of at most "
               + std::to_string(limit) + " within " + to_text(period);
  told.advice = "find what makes it fail in its child_failed events before it "
                "is given up";
  append(to, warnings_.raise(std::move(told)));
}

void early_warning::close_in(const std::string& component, notices& to) {
  const auto kind = warning_kind::failures_closer;
  const auto& times = failures_[component];
  if (const auto* open = warnings_.find(kind, component)) {
    auto since = std::upper_bound(times.begin(), times.end(), open->at);
    if (static_cast<size_t>(times.end() - since) >= closer_confirm
        && latest_ <= open->expires)
      append(to, warnings_.come_true(kind, component));
    return;
  }
  auto trend = closing_in(times);
  if (trend < closing_in_over)
    warnings_.over(kind, component);
  if (times.size() < closing_in_min || trend < closing_in_limit)
    return;
  auto mean =
    (times.back() - times.front()) / static_cast<int64_t>(times.size() - 1);
  auto told = make(kind, component, mean * closer_confirm / 2);
  told.expires = told.due;
  told.forecast = component + " fails " + std::to_string(closer_confirm)
                  + " more times within " + to_text(told.due - told.at);
  told.basis = std::to_string(times.size()) + " failures, one each "
               + to_text(mean) + " on average, come closer together: "
               + figure_text(trend) + " standard deviations from chance";
  told.advice = "compare its latest failures with the first ones: what has "
                "changed since?";
  append(to, warnings_.raise(std::move(told)));
}

early_warning::notices early_warning::answered(const std::string& service,
                                               duration p99, time_point now) {
  return follow(service, p99,
                {service + " stays slow", "p99",
                 "look at what it depends on, and whether its replicas are "
                 "fewer or its load is higher than before"},
                now);
}

early_warning::notices early_warning::heard(const std::string& peer,
                                            duration longest, time_point now) {
  return follow(peer, longest,
                {peer + " is heard less regularly, and may be lost",
                 "the longest silence",
                 "look at its load, at the network between, and at whether it "
                 "is paused"},
                now);
}

early_warning::notices early_warning::follow(const std::string& subject,
                                             duration length,
                                             const shift_words& words,
                                             time_point now) {
  notices result;
  auto* of = entry_of(latencies_, subject, subjects_max);
  if (!of)
    return result;
  seen(now);
  const auto kind = warning_kind::latency_shift;
  auto usual = of->median();
  switch (of->add(std::chrono::duration<double>{length}.count())) {
  case latency_watch::step::none:
    break;
  case latency_watch::step::left: {
    auto told = make(kind, subject, options_.horizon);
    told.forecast = words.forecast;
    told.basis = words.figure + (" is " + to_text(length)) + ", it was "
                 + to_text(std::chrono::duration_cast<duration>(
                   std::chrono::duration<double>{usual}))
                 + " at the median";
    told.advice = words.advice;
    append(result, warnings_.raise(std::move(told)));
    break;
  }
  case latency_watch::step::stays:
    append(result, warnings_.come_true(kind, subject));
    warnings_.over(kind, subject);
    break;
  case latency_watch::step::returned:
    append(result, warnings_.call_off(kind, subject));
    warnings_.over(kind, subject);
    break;
  }
  return result;
}

early_warning::notices early_warning::look(time_point now) {
  return warnings_.expire(seen(now));
}

} // namespace bulwark
