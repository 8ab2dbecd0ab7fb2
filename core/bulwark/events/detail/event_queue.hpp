#pragma once

#include <bulwark/events/event.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace bulwark {

/// Returns about how much memory an event takes, in bytes.
[[nodiscard]] size_t size_of(const event& what) noexcept;

/// Events that wait to be written, in order. Beyond `events_max` or
/// `bytes_max` the oldest change is dropped, and only where there is none, the
/// oldest failure or recovery; a change that comes while all others are
/// failures and recoveries is dropped itself.
///
/// Confined to one thread; whoever shares it guards it with a lock.
class event_queue {
public:
  struct limits {
    size_t events_max = 100'000;
    size_t bytes_max = size_t{64} << 20;
  };

  using drop_listener = std::function<void(const event&)>;

  /// `on_drop` is called with each event that is dropped.
  event_queue(limits bounds, drop_listener on_drop)
    : bounds_(bounds), on_drop_(std::move(on_drop)) {}

  void add(event what);

  /// Takes the oldest events out, at most `max`, and one or at most
  /// `bytes_max` bytes.
  [[nodiscard]] std::vector<event> take(size_t max, size_t bytes_max);

  /// Puts what was taken back in front, in the same order, also beyond the
  /// bounds: the next `add` keeps them again.
  void put_back(std::vector<event> taken);

  /// Returns a place in the order: before what is added later, behind all
  /// else.
  [[nodiscard]] int64_t end() const noexcept { return end_; }

  /// Returns whether something waits that was added before the place.
  [[nodiscard]] bool has_before(int64_t place) const noexcept;

  [[nodiscard]] size_t size() const noexcept {
    return changes_.size() + others_.size();
  }

  [[nodiscard]] size_t bytes() const noexcept { return bytes_; }

private:
  struct numbered {
    int64_t number;
    event what;
  };

  using line = std::deque<numbered>;

  line& line_of(const event& what);
  line& oldest();
  void drop_front(line& from);

  limits bounds_;
  drop_listener on_drop_;
  size_t bytes_ = 0;

  // The first one's number, and that of the next one to come.
  int64_t begin_ = 0;
  int64_t end_ = 0;
  line changes_;
  line others_;
};

} // namespace bulwark
