#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/pool/pool_bulkhead.hpp>
#include <bulwark/pool/pool_task.hpp>
#include <bulwark/pool/worker_options.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/message_handler.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace bulwark {

/// What a thread pool is made with.
///
/// Immutable after construction.
struct thread_pool_settings {
  /// Under this name it appears in errors and events.
  std::string name;

  worker_options threads = {};

  /// How long a task waits for a thread unless it says otherwise. At most
  /// `pool_wait_max`.
  duration wait = std::chrono::seconds{5};

  /// Who may have a thread, and who waits; `queue` 0 refuses at once. `kind`,
  /// `capacity` and `queue_timeout` are set from the fields above: one permit
  /// per task that runs.
  bulkhead_options bulkhead = pool_bulkhead();

  /// Optional. Handles what is sent to the pool and is no `pool_task`, in its
  /// threads, several at a time.
  caf::message_handler handler = {};

  /// How long `stop` waits for what runs.
  duration shutdown = std::chrono::seconds{5};

  emitter events = {};

  /// Where that goes which was sent, not requested, and is not done: refused,
  /// dropped, abandoned, thrown out of, answered with an error. Without one
  /// there is only the event.
  dead_letter_box letters = {};

  /// One that is there already, instead of one of its own with the options
  /// above. Beyond `threads.max` its permits wait for a thread.
  bulwark::bulkhead compartment = {};

  /// Gives the pool itself a thread, so that it answers also while all threads
  /// of the scheduler are busy.
  bool own_thread = true;
};

/// Returns what its own bulkhead is made with.
bulkhead_options bulkhead_of(const thread_pool_settings& settings);

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string>
validate(const thread_pool_settings& settings);

/// What a thread pool has counted since it was made, and what is there now.
struct thread_counts {
  size_t running = 0;
  size_t waiting = 0;

  /// Threads: at work, with nothing to do, and lost to tasks that are stuck.
  size_t busy = 0;
  size_t idle = 0;
  size_t abandoned = 0;

  uint64_t done = 0;
  uint64_t failed = 0;
  uint64_t stuck = 0;
  uint64_t replaced = 0;

  /// Of those that waited when their owner died.
  uint64_t dropped = 0;

  friend bool operator==(const thread_counts&, const thread_counts&) = default;
};

/// A bounded number of threads for code that blocks or computes for long, so
/// that it takes no thread of the scheduler. A task that throws fails alone;
/// one that gets stuck is reported, and can be replaced.
///
/// - Served by priority, and then in order.
/// - A task that waits is dropped when the actor that sent it dies. One that
///   runs is finished; nobody can end a thread from outside.
///
/// Safe to call from any thread. Copies refer to the same pool.
class thread_pool {
public:
  thread_pool() = default;

  /// @throws std::invalid_argument if a setting breaks its rule
  thread_pool(caf::actor_system& sys, const thread_pool_settings& settings);

  /// Takes `pool_task`, and what its handler takes.
  const caf::actor& handle() const noexcept { return handle_; }

  /// What its permits are from: for statistics, and to resize or isolate it.
  const bulkhead& compartment() const noexcept { return compartment_; }

  thread_counts counts() const;

  /// Refuses what comes and what waits, and waits for what runs, in the
  /// background, for `shutdown`. An actor system does not end before its pools
  /// are stopped.
  void stop() const;

private:
  caf::actor_system* sys_ = nullptr;
  bulkhead compartment_;
  caf::actor handle_;
};

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::thread_counts)
