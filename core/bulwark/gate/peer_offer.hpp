#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// How a service does on another node that offers it.
enum class offer_state : uint8_t {
  up,

  /// Fewer replicas are up than are declared.
  degraded,

  /// None is up.
  down,

  /// Its node is about to stop.
  draining,

  /// An operator or load shedding has closed the compartment that it works in.
  isolated,
};

std::string to_string(offer_state state);

/// What a node tells of a service that it offers.
///
/// Immutable after construction.
struct peer_offer {
  offer_state state = offer_state::up;

  /// Replicas that are up there, and requests that they have or that wait for
  /// them, whoever made them.
  uint32_t replicas = 1;
  uint32_t load = 0;

  friend bool operator==(const peer_offer&, const peer_offer&) = default;
};

/// Whether it takes new requests.
[[nodiscard]] constexpr bool takes_work(offer_state state) noexcept {
  return state == offer_state::up || state == offer_state::degraded;
}

/// Whether others are to be told that it changed from `before` to `now`: what
/// it has to do only when that is twice or half as much, by a few requests for
/// each replica.
[[nodiscard]] bool worth_telling(const peer_offer& before,
                                 const peer_offer& now) noexcept;

/// Where the requests of a service go that runs here and on other nodes.
enum class routing : uint8_t {
  /// To a replica of this node while one is up.
  local_first,

  /// To the one with less to do of two that are chosen at random among the
  /// replicas here and the other nodes. What has a key, and what waits for an
  /// idle replica, goes by `local_first`.
  spread,
};

std::string to_string(routing route);

} // namespace bulwark
