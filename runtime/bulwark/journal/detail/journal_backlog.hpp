#pragma once

#include <bulwark/events/detail/event_queue.hpp>
#include <bulwark/events/detail/number_set.hpp>
#include <bulwark/journal/detail/journal_file.hpp>
#include <bulwark/journal/journal_options.hpp>
#include <bulwark/journal/journal_stats.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

namespace bulwark::detail {

/// What waits to be written. Beyond its bounds events are dropped, see
/// `event_queue`. Numbers of the own boot that were dropped become gaps;
/// others their nodes will give again.
///
/// Safe to call from any thread.
class journal_backlog {
public:
  /// Gaps of other origins that wait at most; further ones are forgotten, and
  /// whoever noted them sees that the position does not move.
  static constexpr size_t gaps_max = 10'000;

  explicit journal_backlog(const journal_options& options);

  void add(event what);
  void add_gap(event_gap what);

  /// Replaces one that still waits.
  void set_life(const node_life& what);

  /// Which boot is the own one.
  void set_boot(uint64_t boot);

  /// Waits for a group that is full or has waited long enough. Returns nothing
  /// when the backlog is closed and empty, or given up.
  std::optional<journal_group> take();

  /// What was taken is on the disk.
  void confirm(const journal_group& taken);

  /// What was taken is not, for all we know.
  void put_back(journal_group taken);

  /// Waits for `how_long`, or until the backlog is being closed.
  void pause(duration how_long);

  /// No more is taken in; what waits is given without delay.
  void close();

  /// Closes it, and gives no more of what waits.
  void give_up();

  /// Since when nothing became durable although something waits.
  std::optional<time_point> stuck_since() const;

  journal_stats stats() const;

private:
  bool empty() const;
  void on_drop(const event& what);
  void take_gaps(journal_group& into);
  void note_waiting();

  const journal_options& options_;
  mutable std::mutex lock_;
  std::condition_variable changed_;
  event_queue events_;
  std::deque<event_gap> gaps_;
  number_set lost_;
  std::optional<node_life> life_;
  uint64_t boot_ = 0;
  bool closed_ = false;
  bool given_up_ = false;

  // How many events were taken, and are not confirmed.
  size_t in_hand_ = 0;

  // Since when the oldest event waits to be taken.
  std::optional<time_point> waiting_since_;

  // As `stuck_since` says.
  std::optional<time_point> stuck_since_;
  journal_stats stats_;
};

} // namespace bulwark::detail
