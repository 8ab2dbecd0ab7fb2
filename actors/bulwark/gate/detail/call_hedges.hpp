#pragma once

#include <bulwark/gate/detail/call_record.hpp>
#include <bulwark/gate/detail/hedged_call.hpp>
#include <bulwark/gate/detail/passage.hpp>
#include <bulwark/protection/detail/recent_latency.hpp>
#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/threads/detail/mutex.hpp>
#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Whether calls of a gate are sent to another replica as well when they take
/// long, after how long, and which of them are to be looked at when.
///
/// Safe to call from any thread.
class call_hedges {
public:
  /// So many calls are looked at; of further ones no copies are made.
  static constexpr size_t watched_max = 65'536;

  /// @throws std::invalid_argument that names service, field, value and rule
  call_hedges(const std::string& service, const hedge_options& options);

  bool armed() const noexcept { return options_.extra > 0; }
  const hedge_options& options() const noexcept { return options_; }

  /// Notes of a call what its copy would be made of, if it may have one: where
  /// it is idempotent, has no key, and is no later attempt of another one.
  void plan(pending_id id, kept_request* kept, const entrance& by) const;

  /// A replica gets the call. Returns whether the gate has to set its timer.
  bool went(const std::shared_ptr<hedged_call>& call, time_point now) noexcept
    BULWARK_EXCLUDES(lock_);

  /// So long an attempt took that brought a value.
  void learn(duration took) noexcept { latency_.record(took); }

  /// When a call is to be looked at.
  time_point next_due() const noexcept {
    return time_point{duration{next_due_.load(std::memory_order_relaxed)}};
  }

  /// Returns those that are to be looked at now.
  std::vector<std::shared_ptr<hedged_call>> take_due(time_point now)
    BULWARK_EXCLUDES(lock_);

  /// A call waits no longer for its copy, which failed. Without memory for that
  /// it waits until its deadline.
  void note_failed(std::shared_ptr<hedged_call> call) noexcept
    BULWARK_EXCLUDES(lock_);

  /// Returns all of those.
  std::vector<std::shared_ptr<hedged_call>> take_failed() noexcept
    BULWARK_EXCLUDES(lock_);

private:
  struct watched {
    time_point due{};
    std::shared_ptr<hedged_call> call;
  };

  static bool is_later(const watched& a, const watched& b) noexcept {
    return a.due > b.due;
  }

  void note_next() noexcept BULWARK_REQUIRES(lock_);

  const hedge_options options_;
  recent_latency latency_;
  std::atomic<int64_t> next_due_{std::numeric_limits<int64_t>::max()};

  mutex lock_;

  /// A heap; the earliest is in front.
  std::vector<watched> watched_ BULWARK_GUARDED_BY(lock_);
  std::vector<std::shared_ptr<hedged_call>> failed_ BULWARK_GUARDED_BY(lock_);
};

} // namespace bulwark::detail
