#pragma once

#include <bulwark/events/emitter.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/supervisor/child_spec.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// What a supervisor is made with.
///
/// Immutable after construction.
struct supervisor_settings {
  /// `/root/orders`. Its last part is its id where it is a child itself.
  std::string path;

  /// Started in this order, stopped in the reverse order. With the strategy
  /// simple_one_for_one just one, the template of all children.
  std::vector<child_spec> children;

  /// How child number `n`, from 0, is made where `scale_children` asks for
  /// more than `children`. Empty: their number does not change. Runs in the
  /// supervisor, must not block.
  std::function<child_spec(size_t n)> more;

  /// At least, and at most, so many by `scale_children`; more than
  /// `min_healthy` where some of them stand by.
  size_t children_min = 1;
  size_t children_max = 64;

  /// Who is started again when one child ends.
  restart_strategy strategy = restart_strategy::one_for_one;

  /// Whether to end when significant children have ended.
  auto_shutdown on_significant = auto_shutdown::never;

  /// The limit of all children together.
  supervisor_options limits;

  /// Fail when a child fails while this supervisor is being started (OTP's
  /// rule), instead of trying that child again.
  bool strict = false;

  /// Where the children are the replicas of one service: how many must be up
  /// for it to count as up. 0: they are not.
  size_t min_healthy = 0;

  /// Whether it tells when that service is down, and up again. Not where its
  /// gate does, which knows what standbys are for.
  bool tells_outages = true;

  /// The same for the outages of that service, see `child_spec`.
  int severity_shift = 0;

  /// What `service_started` tells of the service: `bulkhead`, and in
  /// `depends_on` the services that it uses, separated by commas. By these the
  /// ledger knows which failures may have led to others.
  std::vector<std::pair<std::string, std::string>> about;

  emitter events;

  /// Seeds the jitter of the delays.
  uint64_t seed = 0;

  /// How long a child may take to end once it was killed, before it is
  /// abandoned.
  duration abandon_after = std::chrono::seconds{1};
};

/// Returns the first complaint about `settings`, with field, value and rule,
/// or nothing.
[[nodiscard]] std::optional<std::string>
validate(const supervisor_settings& settings);

/// Starts a supervisor. What it decides, and when, is in
/// `supervision/supervision.hpp`; docs/supervision.md has the tables.
///
///     starting --child_up--> up --ends--> waiting --delay--> starting
///         '---ends---> waiting     |          beyond its limit:
///                                  |          failed --cool-down--> starting
///                                  '-- restart type says no: stopped
///
/// - A start function that throws, and a child that ends before `child_up`,
///   are failures like any other; neither blocks the supervisor.
/// - A child beyond its own limit is `failed` until its cool-down is over; its
///   siblings run on.
/// - Beyond the limit of all together the supervisor stops its children and
///   ends with an error that tells child, window and last failures. A
///   supervisor above it treats it as a child that failed: it cools down.
/// - On `stop`, and on nothing else that can be sent, it stops
///   its children one after the other and ends with `user_shutdown`. A worker
///   that does not end within its `shutdown` is killed, and abandoned if that
///   does not help either; a supervisor is given all the time it needs.
///
/// It answers what is in `child_requests.hpp`, `child_counts_request` and
/// `which_children`. Once nobody holds it any more, and its children are
/// up, they are killed.
///
/// @throws std::invalid_argument with the complaint of `validate`
caf::actor spawn_supervisor(caf::actor_system& system,
                            supervisor_settings settings);

/// Returns the spec of a supervisor that is a child of another. Incarnation
/// numbers and open outages of its children outlive its own restarts.
///
/// @throws std::invalid_argument with the complaint of `validate`
child_spec supervisor_child(supervisor_settings settings,
                            restart_options restart = {});

} // namespace bulwark
