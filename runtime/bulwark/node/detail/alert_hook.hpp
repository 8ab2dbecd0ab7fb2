#pragma once

#include <bulwark/ledger/alerts.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace bulwark::detail {

/// Whom alerts are told, besides the log.
///
/// Immutable after construction.
struct alert_hook_options {
  std::string node;

  /// Run by `/bin/sh -c`, with the alert as JSON on its standard input. It has
  /// taken the alert when it ends with 0 within `time_limit`. Empty: none.
  std::string command;

  /// `http://HOST:PORT/PATH`, which is sent the same by POST. It has taken it
  /// with an answer from 200 to 299. Empty: none.
  std::string url;

  duration time_limit = std::chrono::seconds{10};

  /// Between two calls, also of different alerts.
  duration gap = std::chrono::seconds{1};

  /// Before an alert that was not taken is told again; doubled each time.
  duration retry_initial = std::chrono::seconds{1};
  duration retry_max = std::chrono::minutes{1};
};

/// Tells somebody of alerts, in a thread of its own, again and again until
/// they are taken. An alert has its `id` in all of them, so that repeats are
/// known. At most `waiting_max` changes wait; a further one takes the place of
/// an older one of the same alert, or else is dropped and told of.
///
/// Safe to call from any thread.
class alert_hook {
public:
  static constexpr size_t waiting_max = 100;

  explicit alert_hook(alert_hook_options options);

  alert_hook(const alert_hook&) = delete;
  alert_hook& operator=(const alert_hook&) = delete;

  /// Ends a call that runs, and gives up what waits.
  ~alert_hook();

  void put(const alert_change& what) noexcept;

  /// `then` is called, with words, when an alert was not taken at first, or
  /// is dropped. From any thread; must neither block nor call back.
  void on_failure(std::function<void(const std::string&)> then);

private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Returns the alert as one line of JSON: id, state (raised or resolved),
/// severity, figure, words, since, node.
std::string to_json(const alert_change& what, const std::string& node);

} // namespace bulwark::detail
