#pragma once

#include <bulwark/database/member_requests.hpp>
#include <bulwark/time/time.hpp>

#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace bulwark::detail {

/// Clients of a member whose writes are not acknowledged yet, or who want to
/// read a state that is not there yet. At most `each_max` of either.
///
/// Confined to one actor.
class waiting_clients {
public:
  explicit waiting_clients(size_t each_max) : each_max_(each_max) {}

  bool room_for_writes() const noexcept { return writes_.size() < each_max_; }
  bool room_for_reads() const noexcept { return reads_.size() < each_max_; }

  /// Is answered so once entry `reply.where.sequence` is acknowledged.
  void add(database_reply reply, caf::response_promise client,
           time_point deadline);

  /// Is asked for again once the state is there.
  void add(database_read request, caf::response_promise client,
           time_point deadline);

  void acknowledged(uint64_t sequence);

  /// All writes that wait are unknown: `why`.
  void fail_writes(const std::string& why);

  /// Returns the reads that a log that ends there has all for.
  struct parked_read {
    database_read request;
    caf::response_promise client;
    time_point deadline;
  };
  std::vector<parked_read> take_reads(const log_position& last);

  /// Answers those that have waited for too long.
  void expire(time_point now, const std::string& member);

private:
  struct parked_write {
    database_reply reply;
    caf::response_promise client;
    time_point deadline;
  };

  size_t each_max_;
  std::multimap<uint64_t, parked_write> writes_;
  std::vector<parked_read> reads_;
};

} // namespace bulwark::detail
