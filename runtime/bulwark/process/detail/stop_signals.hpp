#pragma once

#include <bulwark/time/time.hpp>

#include <signal.h>

namespace bulwark::detail {

/// Waits for SIGINT and SIGTERM in the thread that made it, and keeps them
/// away from every thread that is started while it exists. A reader of our
/// output that goes away ends nothing, nor does a terminal: SIGPIPE and SIGHUP
/// are ignored.
///
/// Confined to one thread, but for `wake`.
class stop_signals {
public:
  /// @throws std::system_error
  stop_signals();

  stop_signals(const stop_signals&) = delete;
  stop_signals& operator=(const stop_signals&) = delete;

  /// Restores what was before.
  ~stop_signals();

  /// Waits until a signal comes or `wake` was called. Returns the signal's
  /// number, or 0. From then on a signal ends the process at once, with exit
  /// code 130.
  int wait();

  /// Ends `wait`, also one that comes later. Safe to call from any thread.
  void wake() noexcept;

private:
  sigset_t signals_{};
  sigset_t mask_before_{};
  struct sigaction pipe_before_ {};
  struct sigaction hangup_before_ {};
  int signal_descriptor_ = -1;
  int wake_descriptor_ = -1;
};

} // namespace bulwark::detail
