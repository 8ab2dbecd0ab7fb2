#pragma once

#include <bulwark/time/time.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace bench {

/// What handlers of a flooded service hang in until all are let go.
///
/// Safe to call from any thread.
class hold {
public:
  /// Blocks the thread: for so long, or until all are let go.
  void block(bulwark::duration length) {
    std::unique_lock guard{lock_};
    changed_.wait_for(guard, length, [this] { return !held_; });
  }

  /// Keeps the thread's processor busy until all are let go.
  void spin() const {
    while (held_) {
    }
  }

  void close() { set(true); }
  void let_go() { set(false); }

private:
  void set(bool held) {
    std::lock_guard guard{lock_};
    held_ = held;
    changed_.notify_all();
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::atomic<bool> held_ = false;
};

} // namespace bench
