#pragma once

#include <bulwark/containers/detail/chunked_array.hpp>
#include <bulwark/gate/detail/pending_table.hpp>
#include <bulwark/gate/detail/pending_word.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bulwark::detail {

/// What few attempts need to have noted about the work on them. Atomic, because
/// who delegates a request looks while its entry may be reused.
struct attempt_note {
  /// When a replica got it, where a protection wants to know how long the work
  /// took; in ticks.
  std::atomic<int64_t> started{0};

  /// When work that is overdue is looked at again, in ticks.
  std::atomic<int64_t> look_at{0};

  /// What the replica was at when it was looked at, and how often it was at
  /// something else then.
  std::atomic<uint32_t> progress_counter{0};
  std::atomic<uint8_t> turns{0};

  /// The call that was tried again, or comes of one that was, by its name; and
  /// where its attempts went: one bit for each slot.
  std::atomic<uint64_t> later{0};
  std::array<std::atomic<uint64_t>, 2> tried{};

  /// The copy of another call's attempt, by its name.
  std::atomic<uint64_t> copy{0};
};

/// One note for each entry of a pending table, in memory that is taken when it
/// is first needed: entries that have nothing to note stay small.
///
/// Safe to call from any thread.
class attempt_notes {
public:
  /// The note of an entry; whose it was before may still stand there.
  attempt_note& of(pending_id id) {
    notes_.need(id.index());
    return notes_.at(id.index());
  }

private:
  static constexpr size_t size_max = size_t{1} << pending_id::index_bits;
  static constexpr size_t chunk_size = 1024;

  chunked_array<attempt_note, nothing_beside, size_max, chunk_size> notes_;
};

} // namespace bulwark::detail
