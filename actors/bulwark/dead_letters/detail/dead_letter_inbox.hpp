#pragma once

#include <bulwark/dead_letters/dead_letter_box.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <atomic>
#include <cstdint>

namespace bulwark::detail {

/// One letter on its way to the keeper.
struct posted {
  uint64_t id = 0;
  lost_message what;
  wall_time at{};
};

/// The bounded way to the keeper of dead letters. What waits sits in its
/// mailbox; here it is only counted.
///
/// Safe to call from any thread.
class dead_letter_inbox {
public:
  explicit dead_letter_inbox(std::function<wall_time()> now)
    : now_(std::move(now)) {}

  /// @pre called once, before anybody else knows of the inbox
  void open(caf::actor_addr keeper) { keeper_ = std::move(keeper); }

  /// Returns the letter's number, or 0 when there is no room.
  uint64_t put(lost_message what) noexcept;

  /// To be called by the keeper for each letter it takes.
  void taken() noexcept { waiting_.fetch_sub(1, std::memory_order_relaxed); }

  /// Returns how many letters there was no room for since the last call.
  uint64_t take_missed() noexcept { return missed_.exchange(0); }

  /// How full the store behind it is, in percent; the keeper says so.
  void says(double used_percent) noexcept { used_percent_ = used_percent; }
  double used_percent() const noexcept { return used_percent_; }

private:
  std::function<wall_time()> now_;
  caf::actor_addr keeper_;
  std::atomic<double> used_percent_{0};
  std::atomic<size_t> waiting_{0};
  std::atomic<uint64_t> missed_{0};
  std::atomic<uint64_t> last_id_{0};
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::posted)
