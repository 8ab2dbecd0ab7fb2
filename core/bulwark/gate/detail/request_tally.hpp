#pragma once

#include <bulwark/containers/detail/chunked_array.hpp>
#include <bulwark/containers/detail/thread_lane.hpp>
#include <bulwark/errors/errc.hpp>
#include <bulwark/gate/detail/pending_table.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/gate/request_figures.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// Counts how the messages of a gate's clients end, and how long a sample of
/// them takes. Each thread counts on its lane; whoever wants to know adds up.
///
/// Which ones are timed follows from the names of their entries, so that
/// neither a client nor a pattern of calls chooses.
///
/// Safe to call from any thread.
class request_tally {
public:
  static constexpr bool samples(pending_id id) noexcept {
    constexpr unsigned bits = 5;
    static_assert(request_sample_period == 1U << bits);
    // An odd number spreads names over all bits (Fibonacci hashing).
    return (id.value * 0x9E37'79B9'7F4A'7C15U) >> (64 - bits) == 0;
  }

  /// A message that is timed came in. Without memory it is not.
  /// @pre `samples(id)`, and the entry is the caller's own
  void began(pending_id id, time_point now) noexcept;

  /// It ended. @pre as for `began`, which was called for it
  void took(pending_id id, time_point now) noexcept;

  /// One ended with a value.
  void answered() noexcept { add(0); }

  /// One ended with an error; `errc{}`: the service's own.
  void failed(errc code) noexcept {
    auto place = 1 + static_cast<size_t>(code);
    add(place < places ? place : 1);
  }

  request_figures read() const;

private:
  static constexpr size_t places = 64;
  static constexpr size_t classes = request_time_bounds.size() + 1;

  struct alignas(64) lane_counts {
    std::array<std::atomic<uint64_t>, places> outcomes{};
    std::array<std::atomic<uint64_t>, classes> times{};
    // Nanoseconds.
    std::atomic<uint64_t> time{0};
  };

  void add(size_t place) noexcept {
    auto lane = thread_lane();
    add_on_lane(lanes_[lane].outcomes[place], lane, uint64_t{1},
                std::memory_order_relaxed);
  }

  std::array<lane_counts, lanes> lanes_;

  /// In ticks, by entry: only those that are timed take memory.
  chunked_array<std::atomic<int64_t>, nothing_beside,
                size_t{1} << pending_id::index_bits, 1024>
    starts_;
};

} // namespace bulwark
