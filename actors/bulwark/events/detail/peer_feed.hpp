#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace bulwark::detail {

/// The own events that peers may still need, numbered without gaps.
///
/// Confined to one actor.
class own_events {
public:
  explicit own_events(size_t size_max) : size_max_(size_max) {}

  /// @pre `what.sequence` is one more than that of the event before it
  void add(event what);

  /// Returns at most `max` events from number `first` on, oldest first; when
  /// those are gone already, from the oldest one that is left.
  [[nodiscard]] std::vector<event> from(uint64_t first, size_t max) const;

private:
  size_t size_max_;
  std::deque<event> events_;
};

/// How far one peer has come with our events. At most one batch is on its way
/// to it, so a peer that is slow or stopped costs no memory.
///
/// Confined to one actor.
class peer_feed {
public:
  /// Events in one batch.
  static constexpr size_t batch_max = 100;

  /// Returns the next batch, or nothing while one is on its way or none is
  /// left.
  [[nodiscard]] std::vector<event> next(const own_events& events);

  /// The batch on its way has arrived. Returns how many events the peer missed
  /// for good since the batch before; what was before its first one is not
  /// missed, but none of its business.
  uint64_t on_arrived();

  /// The batch on its way was lost; `next` gives it again.
  void on_lost();

private:
  bool started_ = false;
  uint64_t next_ = 1;
  uint64_t first_on_way_ = 0;
  uint64_t last_on_way_ = 0;
};

} // namespace bulwark::detail
