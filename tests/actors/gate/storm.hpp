#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/gate/gate.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace test {

/// How hard a storm blows.
struct storm_options {
  size_t clients = 4;
  int64_t messages_per_client = 12'500 / TEST_SHARE;

  /// Every so-many-th message of a client crashes the service.
  int64_t poison_every = 1000;

  /// Every so-many-th message is a plain send.
  int64_t send_every = 7;

  /// How many messages of a client are under way at once.
  int64_t window = 16;

  size_t replicas = 1;

  /// Each client's messages have a key of their own: their order holds over
  /// all replicas.
  bool keyed = false;

  /// All messages are declared idempotent: poison is tried `poison_limit`
  /// times.
  bool idempotent = false;

  /// Permits of the service's bulkhead, for which all that comes may wait; 0:
  /// it has none.
  uint64_t permits = 0;

  /// A replica gets one thing at a time.
  bool one_each = false;
};

/// What came of it. Written by many threads.
struct storm_tally {
  static constexpr size_t clients_max = 16;

  // What the service saw, over all its incarnations.
  std::array<std::atomic<int64_t>, clients_max> last_seen{};
  std::atomic<int64_t> handled{0};
  std::atomic<int64_t> out_of_order{0};
  std::atomic<int64_t> over_capacity{0};

  // What the clients saw.
  std::atomic<int64_t> requests{0};
  std::atomic<int64_t> sends{0};
  std::atomic<int64_t> poisoned_requests{0};
  std::atomic<int64_t> poisoned_sends{0};
  std::atomic<int64_t> values{0};
  std::atomic<int64_t> crashes{0};
  std::atomic<int64_t> echoes{0};
  std::atomic<int64_t> wrong{0};
  std::atomic<size_t> clients_done{0};
};

/// A service behind a gate under a supervisor that restarts it without end,
/// and clients that send it poison. Starts at once.
///
/// One client's messages reach one replica in order, each exactly once: with
/// one replica, and with keys, the service checks that no number is skipped or
/// repeated.
///
/// Confined to one thread.
class storm {
public:
  storm(caf::actor_system& sys, const storm_options& options);

  bool done() const;

  /// Waits until it is.
  void wait() const;

  const storm_tally& tally() const { return *tally_; }

  const bulwark::gate& gate() const { return gate_; }
  const bulwark::bulkhead& bulkhead() const { return bulkhead_; }

  /// Stops supervisor and gate. The clients have ended by then.
  void stop();

private:
  storm_options options_;
  std::shared_ptr<storm_tally> tally_;
  bulwark::bulkhead bulkhead_;
  bulwark::gate gate_;
  caf::actor supervisor_;
};

/// Checks every promise that a storm tries to break.
void check(const storm& what, const storm_options& options);

} // namespace test
