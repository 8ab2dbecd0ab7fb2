#pragma once

#include <bulwark/containers/detail/chunked_array.hpp>
#include <bulwark/gate/detail/pending_table.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/protection/detail/breaker.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace bulwark::detail {

/// Which breaker let an attempt through, and when.
struct attempt_ticket {
  /// Null: none did, it was none of its business.
  breaker* by = nullptr;
  breaker_ticket ticket = {};
  std::string endpoint = {};
};

/// One for each entry of a gate's request table, found by the name of the
/// attempt that it bears: an attempt's own until the gate has told its end, so
/// that nothing is locked.
///
/// Safe to call from any thread; a ticket, by who owns the attempt.
class attempt_tickets {
public:
  /// Whose it was before may still stand there.
  attempt_ticket& of(uint64_t attempt) {
    auto index = pending_id{attempt}.index();
    all_.need(index);
    return all_.at(index);
  }

private:
  static constexpr size_t size_max = size_t{1} << pending_id::index_bits;
  static constexpr size_t chunk_size = 1024;

  chunked_array<attempt_ticket, nothing_beside, size_max, chunk_size> all_;
};

} // namespace bulwark::detail
