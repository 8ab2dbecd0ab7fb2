#pragma once

#include <bulwark/events/detail/event_positions.hpp>
#include <bulwark/events/event_store.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// An event store without a disk: it forgets all when the process ends. Keeps
/// the newest `events_max` events of all origins together; the oldest one is
/// forgotten first, and its number is gone for good. What is appended counts
/// as durable at once; listeners and readers are called during the call.
///
/// Safe to call from any thread.
class memory_event_store final : public event_store {
public:
  static constexpr size_t events_max_default = 10'000;

  /// @pre `events_max` is at least 1
  explicit memory_event_store(size_t events_max = events_max_default);

  void append(event what) noexcept override;
  void note_gap(std::string node, uint64_t boot, uint64_t from,
                uint64_t to) noexcept override;
  std::vector<event_position> positions() const override;
  void read(std::string node, uint64_t boot, uint64_t first, size_t max,
            reader then) override;
  void on_durable(durable_listener then) override;

private:
  using number_map = std::map<uint64_t, event>;

  bool keep(event what);
  void enter(event what);
  void forget_oldest();
  std::vector<event> find(const origin_name& origin, uint64_t first,
                          size_t max) const;
  void tell(const std::string& node, uint64_t boot);

  size_t events_max_;
  mutable std::mutex lock_;
  event_positions positions_;
  std::map<origin_name, number_map> events_;

  // All that `events_` holds, in the order in which it came.
  std::deque<std::pair<origin_name, uint64_t>> order_;

  // Held while the listener runs, which may append on.
  std::recursive_mutex listener_lock_;
  durable_listener listener_;
};

} // namespace bulwark
