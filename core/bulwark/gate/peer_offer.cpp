#include <bulwark/gate/peer_offer.hpp>

#include <algorithm>

namespace bulwark {

std::string to_string(offer_state state) {
  switch (state) {
  case offer_state::up:
    return "up";
  case offer_state::degraded:
    return "degraded";
  case offer_state::down:
    return "down";
  case offer_state::draining:
    return "draining";
  case offer_state::isolated:
    return "isolated";
  }
  return "offer_state(" + std::to_string(static_cast<int>(state)) + ")";
}

bool worth_telling(const peer_offer& before, const peer_offer& now) noexcept {
  // A few requests more or less on each replica decide nothing.
  constexpr uint64_t few = 4;
  if (before.state != now.state || before.replicas != now.replicas)
    return true;
  auto less = uint64_t{std::min(before.load, now.load)};
  auto more = uint64_t{std::max(before.load, now.load)};
  return more >= 2 * less && more - less >= few * std::max(now.replicas, 1u);
}

std::string to_string(routing route) {
  switch (route) {
  case routing::local_first:
    return "local_first";
  case routing::spread:
    return "spread";
  }
  return "routing(" + std::to_string(static_cast<int>(route)) + ")";
}

} // namespace bulwark
