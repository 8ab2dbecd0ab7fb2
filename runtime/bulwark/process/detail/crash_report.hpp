#pragma once

#include <bulwark/log/event_log.hpp>

#include <caf/thread_hook.hpp>

#include <string>

namespace bulwark::detail {

/// While it exists, a crash of the process is told in one line on standard
/// error: the signal, and of whose handler it came from service, replica,
/// incarnation and type of the message. Then the log's thread gets at most
/// `log_milliseconds` for the lines that it holds, and the signal does what it
/// does without us: exit status and core file are those of the crash.
///
/// Told are SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT, unless the program
/// handles them itself, and `std::exit` called by a handler.
///
/// One at a time in a process. Confined to one thread.
class crash_report {
public:
  static constexpr int log_milliseconds = 100;

  /// `program` begins the line.
  explicit crash_report(const std::string& program);

  crash_report(const crash_report&) = delete;
  crash_report& operator=(const crash_report&) = delete;

  /// Restores what was before.
  ~crash_report();

  /// From now on that log is waited for; null: none is. Safe to call from any
  /// thread.
  static void watch(const event_log* log) noexcept;
};

/// Gives each thread of an actor system a stack on which the handler of a
/// stack overflow can run.
class signal_stacks final : public caf::thread_hook {
public:
  void init(caf::actor_system&) override {}
  void thread_started() override;
  void thread_terminates() override {}
};

} // namespace bulwark::detail
