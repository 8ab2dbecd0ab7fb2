#include <bulwark/ledger/detail/time_track.hpp>

#include <algorithm>

namespace bulwark {

using namespace ledger_clock;

void time_track::turn(presence next, int64_t at) {
  if (next == now)
    return;
  if (now == presence::unknown)
    known_since = at;
  else
    write_until(at);
  since = at;
  now = next;
}

void time_track::write_until(int64_t at) {
  if (now == presence::unknown)
    return;
  if (now != presence::up && at > since)
    spans.push_back({since, at, now});
  since = std::max(since, at);
}

void closed_hours::take(time_track& track, int64_t first_hour) {
  for (const auto& span : track.spans)
    add(span, first_hour);
  track.spans = {};
  auto first = std::find_if(hours_.begin(), hours_.end(),
                            [=](auto& x) { return x.number >= first_hour; });
  hours_.erase(hours_.begin(), first);
}

void closed_hours::add(const track_span& span, int64_t first_hour) {
  for (auto from = std::max(span.from, first_hour * hour); from < span.to;) {
    auto number = hour_of(from);
    auto to = std::min(span.to, (number + 1) * hour);
    if (hours_.empty() || hours_.back().number != number)
      hours_.push_back({static_cast<int32_t>(number), 0, 0});
    auto& sum =
      span.was == presence::down ? hours_.back().down : hours_.back().absent;
    sum += static_cast<uint32_t>(to - from);
    from = to;
  }
}

int64_t window_begin(int64_t now, duration window) noexcept {
  constexpr int64_t month = 30 * 24 * hour;
  auto length = std::clamp<int64_t>(of(window), 0, month);
  auto begin = now - length;
  return length > exact ? hour_of(begin) * hour : begin;
}

time_shares shares_within(const time_track& track, const closed_hours& closed,
                          int64_t begin, int64_t now) {
  if (track.now == presence::unknown || track.known_since >= now)
    return {};
  begin = std::max(begin, track.known_since);
  int64_t down = 0;
  int64_t absent = 0;
  for (auto it = closed.hours().rbegin(); it != closed.hours().rend(); ++it) {
    if ((it->number + 1) * hour <= begin)
      break;
    down += it->down;
    absent += it->absent;
  }
  for (auto it = track.spans.rbegin(); it != track.spans.rend(); ++it) {
    if (it->to <= begin)
      break;
    auto length = it->to - std::max(it->from, begin);
    (it->was == presence::down ? down : absent) += length;
  }
  auto up = now - begin - down - absent;
  return {std::chrono::microseconds{up}, std::chrono::microseconds{down}};
}

} // namespace bulwark
