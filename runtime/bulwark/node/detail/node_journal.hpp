#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/events/event_store.hpp>
#include <bulwark/journal/journal_options.hpp>
#include <bulwark/journal/journal_stats.hpp>
#include <bulwark/options/node_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bulwark {

class journal;

namespace detail {

/// The journal of a node, or that it has none; and which start of the node
/// this is.
///
/// Safe to call from any thread, but for `open` and `close`.
class node_journal {
public:
  /// Opens `DATA/NAME.journal`, unless the options say that there is none.
  /// `now`: the wall clock.
  /// `trouble`: see `journal_options`.
  /// @throws config_error if the folder cannot be made
  /// @throws journal_error as `journal` does
  node_journal(const node_options& options, wall_time now,
               std::function<disk_trouble()> trouble = {});
  ~node_journal();

  node_journal(const node_journal&) = delete;
  node_journal& operator=(const node_journal&) = delete;

  /// Which start of the node this is: its time, in microseconds since 1970,
  /// and more than all before.
  uint64_t boot() const noexcept { return boot_; }

  /// Null: there is none.
  std::shared_ptr<event_store> store() const;

  /// Tells from now on how the journal does, and at once when the start
  /// before this one ended without being told to.
  void tell(const emitter& events);

  /// `off`, `working`, `behind` or `failed`.
  std::string state() const;

  /// Nothing: there is no journal.
  std::optional<journal_stats> stats() const;

  /// Writes what waits and that the node has stopped in good order.
  void close();

private:
  void tell_crash(const emitter& events) const;

  std::string node_;
  wall_time started_;
  uint64_t boot_;
  std::shared_ptr<journal> journal_;
  struct shown;
  std::shared_ptr<shown> shown_;
};

} // namespace detail

} // namespace bulwark
