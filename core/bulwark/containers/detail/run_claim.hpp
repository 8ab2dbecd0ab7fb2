#pragma once

#include <atomic>
#include <cstdint>

namespace bulwark {

/// Decides who runs an actor that has been scheduled: the scheduler, which has
/// it in a queue, or an observer, which takes over what the scheduler does not
/// begin in time.
///
/// Each `schedule` is followed by exactly one `true` of `begin` or one `taken`
/// of `look`; who got that runs the actor, and sees all that happened before
/// `schedule`. At most one entry of the actor lies in the scheduler's queue,
/// and at most one in the observer's list, whatever the scheduler does.
///
/// Safe to call from any thread; `look` from one thread at a time, and
/// `schedule` not again before the run that followed the last one is over.
class run_claim {
public:
  /// What the caller of `schedule` has to do.
  struct duties {
    /// Put an entry into the scheduler's queue. False when an earlier one
    /// still lies there, whose run the observer took over.
    bool push;

    /// Put an entry into the observer's list.
    bool watch;
  };

  enum class sight {
    /// Nothing to run: the observer strikes the entry off its list.
    idle,

    /// Scheduled since the last look: the entry stays.
    fresh,

    /// Not begun since the last look: the observer strikes the entry off its
    /// list and runs the actor.
    taken
  };

  /// There is something to run.
  duties schedule() noexcept {
    auto before = word_.fetch_or(due | queued | watched);
    return {(before & queued) == 0, (before & watched) == 0};
  }

  /// The scheduler took the entry out of its queue. Returns whether it is to
  /// run the actor; otherwise somebody did, or does.
  [[nodiscard]] bool begin() noexcept {
    return (word_.fetch_and(watched) & due) != 0;
  }

  /// The observer comes to the entry in its list.
  [[nodiscard]] sight look() noexcept {
    auto before = word_.load();
    for (;;) {
      auto result = (before & due) == 0    ? sight::idle
                    : (before & seen) == 0 ? sight::fresh
                                           : sight::taken;
      auto after = result == sight::fresh ? before | seen : before & queued;
      if (word_.compare_exchange_weak(before, after))
        return result;
    }
  }

  /// The entry could not be put into the scheduler's queue: the observer takes
  /// this run.
  void not_queued() noexcept { word_.fetch_and(~queued); }

  /// The entry could not be put into the observer's list.
  void not_watched() noexcept { word_.fetch_and(~watched); }

private:
  /// Scheduled, and nobody has begun.
  static constexpr uint32_t due = 1;

  /// An entry lies in the scheduler's queue, or is on its way there.
  static constexpr uint32_t queued = 2;

  /// An entry lies in the observer's list, or is on its way there.
  static constexpr uint32_t watched = 4;

  /// The observer saw this very `schedule`.
  static constexpr uint32_t seen = 8;

  std::atomic<uint32_t> word_{0};
};

} // namespace bulwark
