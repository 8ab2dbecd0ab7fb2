#pragma once

#include <bulwark/events/event.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace bulwark::detail {

/// Hands the events of this node on to those on the node that listen.
///
/// Safe to call from any thread.
class event_tap {
public:
  /// Called in the monitor, under a lock: must not block, throw or call the
  /// tap.
  using listener = std::function<void(const event&)>;

  /// Returns a number to end it by.
  uint64_t listen(listener who) {
    std::lock_guard guard{lock_};
    listeners_.emplace(++last_, std::move(who));
    return last_;
  }

  /// From the return on the listener is not called any more.
  void end(uint64_t number) {
    std::lock_guard guard{lock_};
    listeners_.erase(number);
  }

  void put(const event& what) const {
    std::lock_guard guard{lock_};
    for (const auto& [number, each] : listeners_)
      each(what);
  }

private:
  mutable std::mutex lock_;
  uint64_t last_ = 0;
  std::map<uint64_t, listener> listeners_;
};

} // namespace bulwark::detail
