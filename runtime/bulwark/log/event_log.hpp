#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace bulwark {

/// What a log is made with.
///
/// Immutable after construction.
struct log_options {
  log_format format = log_format::text;

  /// Lines below this level are left out.
  log_level level = log_level::info;

  /// Name of the node, for the lines that the log writes about itself.
  std::string node;

  /// Wall-clock time, for those lines. Called from the log's thread. Never
  /// empty.
  std::function<wall_time()> now;

  /// Where lines go: a file descriptor, open for as long as the log.
  int descriptor = 1;

  /// Lines that may wait to be written, at least 1. Beyond it lines are
  /// dropped: the oldest that tell of changes first, those that tell of
  /// failures and recoveries last.
  size_t queue_max = 8192;

  /// How long `close` goes on trying when nobody reads the lines.
  duration close_patience = std::chrono::seconds{1};
};

/// Writes events as lines, in a thread of its own. No caller ever waits for
/// the reader of the log: when lines come faster than they are taken, some are
/// dropped, and a line `log_dropped count=...` says how many. A count whose own
/// line is lost is said again.
///
/// Safe to call from any thread.
class event_log {
public:
  explicit event_log(log_options options);

  event_log(const event_log&) = delete;
  event_log& operator=(const event_log&) = delete;

  /// Closes the log.
  ~event_log();

  /// Writes `what`, unless its level is too low or the log was closed.
  void write(const event& what) noexcept;

  /// Lines below this level are left out from now on.
  void set_level(log_level level) noexcept;
  log_level level() const noexcept;

  /// Whether no line waits to be written. Takes no lock, so that a signal
  /// handler can ask.
  bool written() const noexcept;

  /// Writes what waits, for at most `close_patience` if nobody reads, says how
  /// many lines were given up, for which it waits 200 ms more, and ends the
  /// thread. Later calls of `write` do nothing.
  void close() noexcept;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace bulwark
