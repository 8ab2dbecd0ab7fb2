#pragma once

#include <bulwark/events/event_store.hpp>
#include <bulwark/journal/journal_options.hpp>
#include <bulwark/journal/journal_state.hpp>
#include <bulwark/journal/journal_stats.hpp>
#include <bulwark/journal/node_life.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// The durable store of a node's events: a file of SQLite, written by one
/// thread, in groups. An event that `on_durable` told of is on the disk.
///
/// Nobody who calls waits for the disk, but for the constructor, which opens
/// the file, and `close`. While the disk does not take events they are kept in
/// memory, up to the bounds of the options, and the journal tries again.
///
/// A damaged file is moved aside to `PATH.corrupt-TIME`, and a new one begun,
/// which is told by `on_state`. Positions then begin anew, and other nodes can
/// give back what was in it.
///
/// Safe to call from any thread.
class journal final : public event_store {
public:
  /// @throws std::invalid_argument if an option breaks its rule
  /// @throws journal_error when another process has the journal, when its file
  /// is none or of a newer version, or when its folder cannot be written. A
  /// disk that refuses the file itself is told by `on_state`.
  explicit journal(journal_options options);

  /// Waits for at most `close_patience`, but tells of no clean stop.
  ~journal() override;

  /// Returns the latest boot of this node before this one; nothing: there was
  /// none, or the disk refused the file when it was opened.
  std::optional<node_life> last_life() const;

  /// Returns the number of this boot: `now`, in microseconds since 1970, or
  /// one more than the largest boot of this node that the journal knows. To be
  /// called once, before the first own event is appended.
  uint64_t next_boot(wall_time now);

  /// Notes that the node lives: the wall-clock time, and how long it has run.
  /// To be called every second, after `next_boot`. Events older than
  /// `retention_age` by this time are removed, too.
  void sign_of_life(wall_time now, duration uptime) noexcept override;

  /// Called with each change of the state and with what a person should know,
  /// from a thread of the journal; see `event_store` for its rules. Replaces
  /// an earlier one.
  using state_listener = std::function<void(journal_state, const std::string&)>;
  void on_state(state_listener then);

  journal_stats stats() const;

  /// How long the end of a journal waits for the disk unless told otherwise.
  static constexpr std::chrono::seconds close_patience{1};

  /// Takes in no more, writes what waits and that this boot stopped cleanly.
  /// Returns false when the disk did not take all within `patience`: the rest
  /// is given up. Not to be called by a listener.
  bool close(duration patience = close_patience) noexcept;

  // of event_store
  void append(event what) noexcept override;
  void note_gap(std::string node, uint64_t boot, uint64_t from,
                uint64_t to) noexcept override;
  std::vector<event_position> positions() const override;
  void read(std::string node, uint64_t boot, uint64_t first, size_t max,
            reader then) override;
  void on_durable(durable_listener then) override;

private:
  struct state;

  bool end(duration patience);

  // The threads' as well: one that hangs on a disk outlives this object.
  std::shared_ptr<state> state_;
};

} // namespace bulwark
