#pragma once

#include <bulwark/events/detail/event_positions.hpp>
#include <bulwark/events/event_store.hpp>
#include <bulwark/journal/detail/journal_backlog.hpp>
#include <bulwark/journal/journal_state.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What a journal tells: which positions are durable, and how it gets on with
/// its disk. A thread of its own calls the listeners, so that the one that
/// writes waits for none of them, and a disk that hangs is told of.
///
/// Safe to call from any thread.
class journal_notices {
public:
  using state_listener = std::function<void(journal_state, const std::string&)>;

  /// How long nothing becomes durable before that is told.
  static constexpr duration behind_after = std::chrono::seconds{1};

  /// Further notices that nobody listens to replace the oldest.
  static constexpr size_t notices_max = 16;

  explicit journal_notices(const journal_backlog& backlog)
    : backlog_(backlog) {}

  /// Calls the listeners until `stop`.
  void run();

  /// Lets `run` tell what it has to tell, and return.
  void stop();

  void on_durable(event_store::durable_listener then);
  void on_state(state_listener then);

  /// All positions of a file that was opened; those of a file before it that
  /// it lacks have moved to 0.
  void set_positions(const event_positions& all);

  /// The positions that have moved.
  void move(const std::vector<event_position>& moved);

  std::vector<event_position> positions() const;

  /// The disk refused; an empty text: it works again.
  void set_fault(std::string text);

  /// Something a person should know, told once.
  void say(std::string text);

private:
  struct told {
    journal_state state;
    std::string text;
  };

  std::optional<told> next_told();
  told judge() const;
  void tell_states();
  void tell_positions();

  const journal_backlog& backlog_;
  mutable std::mutex lock_;
  std::condition_variable changed_;
  bool stopped_ = false;
  std::map<origin_name, uint64_t> positions_;
  std::map<origin_name, uint64_t> moved_;
  std::string fault_;
  std::deque<std::string> notices_;
  journal_state told_state_ = journal_state::working;

  // Held while a listener runs, which may replace itself.
  std::recursive_mutex listeners_lock_;
  event_store::durable_listener on_durable_;
  state_listener on_state_;
};

} // namespace bulwark::detail
