#include <bulwark/cluster/detail/role_voter.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

using kind = lease_call::kind;

role_voter::role_voter(const lease_times& times, lease_promise kept,
                       time_point now)
  : times_(times), state_{std::move(kept), now + times.lease, false} {}

bool role_voter::lent_to_other(const lease_call& call,
                               time_point now) const noexcept {
  return lent(now) && state_.promise.holder != call.node;
}

void role_voter::lend(const lease_call& call, time_point now) {
  state_.promise = {call.token, call.node};
  state_.held = call.what == kind::renew;
  state_.until = std::max(state_.until, now + times_.lease);
}

lease_reply role_voter::answer(const lease_call& call, time_point now) {
  lease_reply result;
  auto other = lent_to_other(call, now);
  auto same = state_.promise == lease_promise{call.token, call.node};
  switch (call.what) {
  case kind::look:
    result.yes = !other;
    break;
  case kind::ask:
    // Asked again it answers again, and lends for no longer.
    if (same && lent(now)) {
      result.yes = true;
    } else if (!other && call.token > state_.promise.token) {
      result.yes = true;
      lend(call, now);
    }
    break;
  case kind::renew:
    if (same || (!other && call.token > state_.promise.token)) {
      result.yes = true;
      lend(call, now);
    }
    break;
  case kind::release:
    if (same)
      state_.until = now;
    break;
  }
  result.to = call.what;
  result.round = call.round;
  result.token = state_.promise.token;
  if (other) {
    result.holder = state_.promise.holder;
    result.held = state_.held;
    result.left = state_.until - now;
  }
  return result;
}

} // namespace bulwark::detail
