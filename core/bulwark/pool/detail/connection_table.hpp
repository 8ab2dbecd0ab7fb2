#pragma once

#include <bulwark/pool/connection_options.hpp>
#include <bulwark/pool/detail/connection_step.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace bulwark {

/// What becomes of a connection that is given back.
enum class connection_verdict : uint8_t {
  /// It works.
  good,
  /// Nobody knows: it is validated before it is given away again.
  suspect,
  /// It is closed.
  broken,
};

/// What a table has counted since it was made, and what is there now.
struct connection_counts {
  size_t idle = 0;
  size_t leased = 0;
  size_t opening = 0;
  size_t validating = 0;

  /// Being closed, or taken back and not yet let go.
  size_t closing = 0;

  /// Attempts that were given up, whose threads have not come back.
  size_t abandoned = 0;

  /// Who asked and has neither a connection nor a refusal.
  size_t waiting = 0;

  uint64_t opened = 0;
  uint64_t open_failures = 0;

  /// Found broken, by validation or by who used them.
  uint64_t discarded = 0;

  uint64_t leaks = 0;
  uint64_t taken_back = 0;

  friend bool operator==(const connection_counts&,
                         const connection_counts&) = default;
};

/// The decisions of a pool of connections, about numbers: which connection to
/// hand out, when to open, validate and close, and what to do when one cannot.
///
/// - Who asks is served in the order of `want`; priorities and the limit of
///   those who ask are the business of who calls it.
/// - Last used is first given, so that those that are not needed grow old.
/// - One that is found dead by validation takes all idle ones with it: what
///   killed it killed them, and to try them one by one takes a timeout each.
/// - The server that is away is tried again and again, also while nobody asks:
///   one attempt at a time, each later. Who would be gone before the next one
///   has it made earlier, see `connection_options::probe_after`, or is refused
///   at once where that is too late as well. The first attempt that succeeds
///   ends the backoff for all.
///
/// Each call tells what happened and returns what to do. Times never go back.
/// `chance` is a random number within [0, 1).
///
/// Confined to one actor.
class connection_table {
public:
  /// @pre `validate(options)` has no complaint
  /// `can_interrupt` tells whether a connection in use can be woken.
  connection_table(connection_options options, bool can_interrupt);

  /// Somebody asks for a connection and waits until `deadline`.
  /// @pre `id` was never used before
  connection_steps want(uint64_t id, time_point deadline, time_point now);

  /// Who asked does not wait any more. Returns false if it does not wait.
  bool withdraw(uint64_t id);

  connection_steps opened(uint64_t id, time_point now, double chance);
  connection_steps open_failed(uint64_t id, time_point now, double chance);
  connection_steps validated(uint64_t id, bool works, time_point now);
  connection_steps closed(uint64_t id, time_point now);

  /// The thread of an attempt that was abandoned is there again.
  connection_steps came_back(uint64_t id, time_point now);

  /// Who had it does not need it any more. Without effect when it is not in
  /// use, or no longer.
  connection_steps give_back(uint64_t id, connection_verdict verdict,
                             time_point now);

  /// Who had it has died.
  connection_steps take_back(uint64_t id, time_point now);

  /// Time has passed; see `next_due`.
  connection_steps tick(time_point now, double chance);

  /// Refuses all who wait and all to come, and closes what comes back.
  connection_steps stop(time_point now);

  /// Returns when to call `tick`, at the latest.
  std::optional<time_point> next_due() const;

  /// Returns whether an attempt was abandoned and is not back.
  bool is_abandoned(uint64_t id) const { return abandoned_.contains(id); }

  /// Returns whether nothing is open and nothing under way.
  bool empty() const noexcept { return entries_.empty(); }

  connection_counts counts() const;

private:
  enum class place : uint8_t {
    opening,
    idle,
    validating,
    leased,
    closing,
    // Taken back from one that has not let it go, with and without hope to
    // wake it.
    interrupted,
    doomed,
  };

  // Why it has to be validated: it was used in a way that failed, or another
  // one was found broken.
  enum class doubt : uint8_t { none, own, shared };

  struct entry {
    place at = place::opening;
    time_point since{};
    time_point expires{};
    uint64_t want = 0;
    doubt about = doubt::none;
    // Told already that it takes too long.
    bool told = false;
  };

  struct asking {
    uint64_t id;
    time_point deadline;
  };

  using entries = std::map<uint64_t, entry>;

  void move(uint64_t id, entry& e, place to, time_point now);
  void begin(connection_action what, uint64_t id, entry& e, place to,
             time_point now);
  void make_idle(uint64_t id, entry& e, time_point now);
  void discard(uint64_t id, entry& e, time_point now);
  void failed(uint64_t id, time_point now, double chance);
  void flush_idle(time_point now);
  void revoke(uint64_t id, entry& e, time_point now);
  void overdue(entries::iterator at, time_point now, double chance);
  void look_at_idle(time_point now);
  void look_at_leases(time_point now);
  void look_at_jobs(time_point now, double chance);
  void refuse_late(time_point now);
  void refuse_hopeless(time_point now);
  void serve(time_point now);
  void open_more(time_point now);
  bool may_open(time_point now) const;
  time_point next_attempt() const;
  bool needs_validation(const entry& e, time_point now) const;
  bool is_short() const;
  duration limit_of(place at) const;
  std::optional<time_point> due_of(const entry& e) const;
  size_t count(place at) const { return counts_[static_cast<size_t>(at)]; }
  size_t coming(place at) const;
  size_t live() const;
  void add(connection_action action, uint64_t connection, uint64_t want = 0);
  connection_steps take() { return std::exchange(steps_, {}); }

  static constexpr size_t places = 7;

  connection_options options_;
  bool can_interrupt_;
  bool stopped_ = false;
  entries entries_;
  std::array<size_t, places> counts_{};
  // Last used last.
  std::vector<uint64_t> idle_;
  std::deque<asking> wants_;
  std::set<uint64_t> abandoned_;
  uint64_t next_ = 1;
  uint32_t failures_ = 0;
  // When the next attempt is made, and when it may be for who cannot wait so
  // long.
  time_point retry_at_{};
  time_point probe_at_{};
  connection_counts totals_;
  connection_steps steps_;
};

} // namespace bulwark
