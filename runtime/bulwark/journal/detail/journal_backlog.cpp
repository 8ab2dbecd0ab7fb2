#include <bulwark/journal/detail/journal_backlog.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>

namespace bulwark::detail {

namespace {

// Gaps, and bytes of events, in one transaction. The write-ahead file grows by
// a few times as much.
constexpr size_t gaps_group_max = 256;
constexpr size_t group_bytes_max = size_t{4} << 20;

time_point now() {
  return std::chrono::steady_clock::now();
}

} // namespace

journal_backlog::journal_backlog(const journal_options& options)
  : options_(options),
    events_({options.waiting_max, options.waiting_bytes_max},
            [this](const event& what) { on_drop(what); }) {}

void journal_backlog::on_drop(const event& what) {
  if (classify(what.kind) == event_class::change)
    ++stats_.dropped_changes;
  else
    ++stats_.dropped_failures_and_recoveries;
  if (what.node == options_.node && what.boot == boot_)
    lost_.add(what.sequence, what.sequence);
}

void journal_backlog::note_waiting() {
  auto since = now();
  if (!waiting_since_)
    waiting_since_ = since;
  if (!stuck_since_)
    stuck_since_ = since;
}

void journal_backlog::add(event what) {
  std::unique_lock guard{lock_};
  if (closed_)
    return;
  events_.add(std::move(what));
  auto was_waiting = waiting_since_.has_value();
  note_waiting();
  auto wake = !was_waiting || events_.size() == options_.group_max;
  guard.unlock();
  if (wake)
    changed_.notify_all();
}

void journal_backlog::add_gap(event_gap what) {
  {
    std::lock_guard guard{lock_};
    if (closed_ || gaps_.size() >= gaps_max)
      return;
    what.place = events_.end();
    gaps_.push_back(std::move(what));
    note_waiting();
  }
  changed_.notify_all();
}

void journal_backlog::set_life(const node_life& what) {
  {
    std::lock_guard guard{lock_};
    if (closed_)
      return;
    life_ = what;
    note_waiting();
  }
  changed_.notify_all();
}

void journal_backlog::set_boot(uint64_t boot) {
  std::lock_guard guard{lock_};
  boot_ = boot;
}

bool journal_backlog::empty() const {
  return events_.size() == 0 && gaps_.empty() && lost_.ranges().empty()
         && !life_;
}

std::optional<journal_group> journal_backlog::take() {
  std::unique_lock guard{lock_};
  changed_.wait(guard, [&] { return closed_ || !empty(); });
  if (empty() || given_up_)
    return std::nullopt;
  auto due = waiting_since_.value_or(now()) + options_.group_wait;
  changed_.wait_until(guard, due, [&] {
    return closed_ || events_.size() >= options_.group_max;
  });
  journal_group result;
  result.events = events_.take(options_.group_max, group_bytes_max);
  result.life = std::exchange(life_, std::nullopt);
  take_gaps(result);
  in_hand_ = result.events.size();
  // What is left has waited long enough.
  waiting_since_ =
    empty() ? std::nullopt : std::optional{now() - options_.group_wait};
  return result;
}

void journal_backlog::take_gaps(journal_group& into) {
  // An event that was appended before a gap over its number was noted stays.
  while (!gaps_.empty() && into.gaps.size() < gaps_group_max
         && !events_.has_before(gaps_.front().place)) {
    into.gaps.push_back(std::move(gaps_.front()));
    gaps_.pop_front();
  }
  number_set left;
  for (const auto& [first, last] : lost_.ranges())
    if (into.gaps.size() < gaps_group_max)
      into.gaps.push_back({options_.node, boot_, first, last});
    else
      left.add(first, last);
  lost_ = std::move(left);
}

void journal_backlog::confirm(const journal_group& taken) {
  std::lock_guard guard{lock_};
  in_hand_ = 0;
  stats_.durable += taken.events.size();
  stuck_since_ = empty() ? std::nullopt : std::optional{now()};
}

void journal_backlog::put_back(journal_group taken) {
  std::lock_guard guard{lock_};
  in_hand_ = 0;
  events_.put_back(std::move(taken.events));
  gaps_.insert(gaps_.begin(), std::make_move_iterator(taken.gaps.begin()),
               std::make_move_iterator(taken.gaps.end()));
  if (!life_)
    life_ = taken.life;
  waiting_since_ = now() - options_.group_wait;
}

void journal_backlog::pause(duration how_long) {
  std::unique_lock guard{lock_};
  auto until = now() + how_long;
  auto is_news = [this, was_closed = closed_] {
    return closed_ != was_closed || given_up_;
  };
  changed_.wait_until(guard, until, is_news);
}

void journal_backlog::close() {
  {
    std::lock_guard guard{lock_};
    closed_ = true;
  }
  changed_.notify_all();
}

void journal_backlog::give_up() {
  {
    std::lock_guard guard{lock_};
    closed_ = given_up_ = true;
  }
  changed_.notify_all();
}

std::optional<time_point> journal_backlog::stuck_since() const {
  std::lock_guard guard{lock_};
  return stuck_since_;
}

journal_stats journal_backlog::stats() const {
  std::lock_guard guard{lock_};
  auto result = stats_;
  result.waiting = events_.size() + in_hand_;
  return result;
}

} // namespace bulwark::detail
