#pragma once

#include <bulwark/time/time.hpp>

#include <pthread.h>

#include <ctime>

namespace bulwark::detail {

/// The CPU clock of one thread and its place among those that want to run, for
/// other threads of the process. POSIX for the clock; Linux for the place,
/// elsewhere nothing is put last.
///
/// Safe to call from any thread, as long as the thread that it stands for has
/// not ended.
class thread_clock {
public:
  /// Stands for the calling thread.
  thread_clock() noexcept;

  /// Returns how much CPU time the thread has used.
  duration read() const noexcept;

  /// Has it run only where nobody else of the machine wants to
  /// (`SCHED_IDLE`). Returns whether that was done.
  bool put_last() const noexcept;

  /// Puts it back where it was when this was made. Returns whether that was
  /// done; whether the system allows it: `can_put_back`.
  bool put_back() const noexcept;

private:
  clockid_t clock_{};
  pthread_t thread_;
  int policy_ = 0;
  sched_param given_{};
};

/// Returns whether a thread that was put last may be put back: Linux wants
/// `CAP_SYS_NICE` for it, or an `RLIMIT_NICE` of 20. Tried once, on a thread
/// made for it. Safe to call from any thread.
bool can_put_back();

} // namespace bulwark::detail
