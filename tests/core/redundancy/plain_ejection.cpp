#include "core/redundancy/plain_ejection.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

using namespace bulwark;

namespace test {

size_t plain_ejection::up_count() const {
  size_t n = 0;
  for (const auto& each : members_)
    n += each.up;
  return n;
}

size_t plain_ejection::out_count() const {
  size_t n = 0;
  for (size_t i = 0; i < members_.size(); ++i)
    n += ejected(i);
  return n;
}

size_t plain_ejection::room() const {
  auto n = up_count();
  if (n < 2)
    return 0;
  return std::min(n - 1, static_cast<size_t>(std::floor(
                           options_.share_max * static_cast<double>(n))));
}

bool plain_ejection::panics() const {
  if (out_count() == 0)
    return false;
  auto share = static_cast<double>(up_count() - out_count())
               / static_cast<double>(members_.size());
  return share < options_.panic_below;
}

void plain_ejection::made_good(member& which, time_point now) const {
  if (!which.up || which.until)
    return;
  for (auto at = which.since + options_.window; at <= now;
       at += options_.window)
    which.times -= which.times > 0;
}

void plain_ejection::anew(member& which, time_point now) {
  which.replies.clear();
  which.until.reset();
  which.since = now;
}

void plain_ejection::use(size_t which, time_point now) {
  anew(members_[which], now);
  told_.push_back({which, false, ejection_cause::errors_in_row, {}, 0});
}

void plain_ejection::up(size_t which, time_point now) {
  made_good(members_[which], now);
  members_[which].up = true;
  anew(members_[which], now);
}

void plain_ejection::down(size_t which, time_point now) {
  made_good(members_[which], now);
  members_[which].up = false;
  members_[which].until.reset();
  while (out_count() > room()) {
    std::optional<size_t> first;
    for (size_t i = 0; i < members_.size(); ++i)
      if (ejected(i) && (!first || members_[i].until < members_[*first].until))
        first = i;
    use(*first, now);
  }
}

void plain_ejection::wake(time_point now) {
  for (size_t i = 0; i < members_.size(); ++i)
    if (ejected(i) && *members_[i].until <= now)
      use(i, now);
}

/// Of the tenths of a window the one of now, and nine before it.
std::vector<plain_ejection::reply>
plain_ejection::recent(const member& which, time_point now) const {
  auto tenth = options_.window / 10;
  auto step = [&](time_point at) { return at.time_since_epoch() / tenth; };
  std::vector<reply> result;
  std::copy_if(
    which.replies.begin(), which.replies.end(), std::back_inserter(result),
    [&](const reply& each) { return step(each.at) > step(now) - 10; });
  return result;
}

bool plain_ejection::in_row(const member& which) const {
  size_t n = 0;
  for (auto at = which.replies.rbegin();
       at != which.replies.rend() && at->error; ++at)
    ++n;
  return n >= options_.errors_in_row;
}

bool plain_ejection::by_share(const member& which, time_point now) const {
  auto all = recent(which, now);
  auto errors = std::count_if(all.begin(), all.end(),
                              [](const reply& each) { return each.error; });
  return all.size() >= options_.error_answers
         && static_cast<double>(errors)
              >= options_.error_share * static_cast<double>(all.size());
}

/// Nothing: it has answered too rarely to be compared.
std::optional<duration> plain_ejection::mean(const member& which,
                                             time_point now) const {
  auto all = recent(which, now);
  duration sum{};
  int64_t values = 0;
  for (const auto& each : all)
    if (!each.error) {
      sum += each.took;
      ++values;
    }
  if (!which.up || which.until || values == 0
      || all.size() < options_.latency_answers)
    return std::nullopt;
  return sum / values;
}

bool plain_ejection::slow(size_t which, time_point now) const {
  std::vector<duration> others;
  for (size_t i = 0; i < members_.size(); ++i)
    if (i != which)
      if (auto its = mean(members_[i], now))
        others.push_back(*its);
  auto own = mean(members_[which], now);
  if (!own || others.empty() || options_.latency_members == 0
      || others.size() + 1 < options_.latency_members)
    return false;
  std::sort(others.begin(), others.end());
  auto low = others[(others.size() - 1) / 2];
  auto high = others[others.size() / 2];
  auto median = static_cast<double>(((low + high) / 2).count());
  return static_cast<double>((*own - options_.latency_above).count())
         > options_.latency_factor * median;
}

void plain_ejection::answered(size_t which, bool error, time_point began,
                              duration took, time_point now) {
  auto& it = members_[which];
  if (!it.up || it.until || began < it.since)
    return;
  it.replies.push_back({error, took, now});
  std::optional<ejection_cause> why;
  if (error && in_row(it))
    why = ejection_cause::errors_in_row;
  else if (error && by_share(it, now))
    why = ejection_cause::error_share;
  else if (!error && took > options_.latency_above && slow(which, now))
    why = ejection_cause::latency;
  if (!why || out_count() + 1 > room())
    return;
  made_good(it, now);
  ++it.times;
  auto length = std::min(options_.length_max, options_.length * it.times);
  it.until = now + length;
  told_.push_back({which, true, *why, length, it.times});
}

} // namespace test
