#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace test {

/// Keeps threads, such as those of a scheduler, until it is opened; none for
/// longer than 30 s.
///
/// Safe to call from any thread.
class closed_door {
public:
  void wait() {
    std::unique_lock guard{lock_};
    ++inside_;
    changed_.notify_all();
    changed_.wait_for(guard, std::chrono::seconds{30},
                      [this] { return open_; });
  }

  /// Waits until it keeps `n` threads; false if it does not within 20 s.
  bool await(int n) {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, std::chrono::seconds{20},
                             [&] { return inside_ >= n; });
  }

  void release() {
    std::lock_guard guard{lock_};
    open_ = true;
    changed_.notify_all();
  }

private:
  std::mutex lock_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool open_ = false;
};

} // namespace test
