#include <bulwark/cluster/detail/role_holder.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

using kind = lease_call::kind;
using step = role_holder::step;

namespace {

duration part(duration of, double share) {
  return std::chrono::duration_cast<duration>(share * of);
}

} // namespace

role_holder::role_holder(std::string self, size_t voters,
                         const lease_times& times)
  : self_(std::move(self)), times_(times) {
  state_.replies.resize(voters);
}

duration role_holder::held_time() const noexcept {
  return part(times_.lease, times_.held_share);
}

size_t role_holder::yes_count() const noexcept {
  return static_cast<size_t>(
    std::count_if(state_.replies.begin(), state_.replies.end(),
                  [](const auto& each) { return each && each->yes; }));
}

// -- what is sent -------------------------------------------------------------

lease_call role_holder::call() const {
  lease_call result;
  result.what = state_.at == phase::looking  ? kind::look
                : state_.at == phase::asking ? kind::ask
                                             : kind::renew;
  result.node = self_;
  result.token = state_.token;
  result.round = state_.round;
  return result;
}

step role_holder::begin(phase what, time_point now) {
  state_.at = what;
  ++state_.round;
  state_.began = now;
  std::fill(state_.replies.begin(), state_.replies.end(), std::nullopt);
  return send_again(now);
}

step role_holder::send_again(time_point now) {
  step result;
  for (size_t i = 0; i < state_.replies.size(); ++i)
    if (!state_.replies[i] || !state_.replies[i]->yes)
      result.send.push_back({i, call()});
  state_.due = now + times_.resend;
  result.wake = next();
  return result;
}

time_point role_holder::next() const noexcept {
  return state_.at == phase::holding ? std::min(state_.due, state_.until)
                                     : state_.due;
}

step role_holder::nothing(time_point now) const {
  step result;
  result.wake = state_.at == phase::stopped ? now + times_.lease : next();
  return result;
}

step role_holder::wait(duration time, time_point now) {
  state_.at = phase::waiting;
  state_.due = now + std::max(time, times_.resend);
  return nothing(now);
}

step role_holder::give_up(duration time, time_point now) {
  step result = wait(time, now);
  for (size_t i = 0; i < state_.replies.size(); ++i)
    result.send.push_back({i, {kind::release, self_, state_.token, 0}});
  return result;
}

// -- the stages ---------------------------------------------------------------

step role_holder::start(time_point now, double unit_random) {
  // Nodes that start together do not ask together.
  return wait(part(times_.renew, unit_random), now);
}

step role_holder::wake(time_point now, double unit_random) {
  if (state_.at == phase::stopped)
    return nothing(now);
  if (state_.at == phase::holding && now >= state_.until)
    return wait(part(times_.resend, unit_random), now);
  if (now < state_.due)
    return nothing(now);
  switch (state_.at) {
  case phase::waiting:
    return begin(phase::looking, now);
  case phase::looking:
    if (now - state_.began >= times_.renew / 2)
      return wait(most_free_in() + part(times_.resend * 2, unit_random), now);
    return send_again(now);
  case phase::asking:
    if (now - state_.began >= times_.renew)
      return give_up(part(times_.renew / 2, unit_random), now);
    return send_again(now);
  default:
    return now - state_.began >= times_.renew ? begin(phase::holding, now)
                                              : send_again(now);
  }
}

step role_holder::on_reply(size_t voter, const lease_reply& reply,
                           time_point now, double unit_random) {
  auto mine = (state_.at == phase::looking && reply.to == kind::look)
              || (state_.at == phase::asking && reply.to == kind::ask)
              || (state_.at == phase::holding && reply.to == kind::renew);
  if (!mine || reply.round != state_.round || voter >= state_.replies.size())
    return nothing(now);
  // Asked twice, a voter may say yes and then no; but it has said yes.
  auto& known = state_.replies[voter];
  if (!known || !known->yes)
    known = reply;
  switch (state_.at) {
  case phase::looking:
    return after_look(now, unit_random);
  case phase::asking:
    return after_ask(reply, now, unit_random);
  default:
    return after_renew(now);
  }
}

step role_holder::after_look(time_point now, double unit_random) {
  if (yes_count() >= majority()) {
    for (const auto& each : state_.replies)
      if (each)
        state_.token = std::max(state_.token, each->token);
    ++state_.token;
    return begin(phase::asking, now);
  }
  auto no = std::count_if(state_.replies.begin(), state_.replies.end(),
                          [](const auto& each) { return each && !each->yes; });
  if (state_.replies.size() - static_cast<size_t>(no) >= majority())
    return nothing(now);
  return wait(most_free_in() + part(times_.resend * 2, unit_random), now);
}

duration role_holder::most_free_in() const {
  std::vector<duration> all;
  for (const auto& each : state_.replies)
    all.push_back(!each ? times_.renew : each->yes ? duration{0} : each->left);
  auto most = all.begin() + static_cast<std::ptrdiff_t>(majority()) - 1;
  std::nth_element(all.begin(), most, all.end());
  return std::min(*most, times_.lease);
}

step role_holder::after_ask(const lease_reply& reply, time_point now,
                            double unit_random) {
  if (yes_count() >= majority()) {
    state_.until = state_.began + held_time();
    // At once, so that voters know that it is held.
    return begin(phase::holding, now);
  }
  if (reply.yes)
    return nothing(now);
  if (reply.held)
    return give_up(reply.left + part(times_.resend * 2, unit_random), now);
  // Others ask as well, and may have to give up: that is worth some time. Not
  // so where a voter has seen a larger token meanwhile.
  return reply.holder.empty() && reply.token >= state_.token
           ? give_up(part(times_.resend, unit_random), now)
           : nothing(now);
}

step role_holder::after_renew(time_point now) {
  if (yes_count() >= majority())
    state_.until = std::max(state_.until, state_.began + held_time());
  return nothing(now);
}

step role_holder::stop() {
  auto had = state_.at == phase::asking || state_.at == phase::holding;
  state_.at = phase::stopped;
  step result;
  if (had)
    for (size_t i = 0; i < state_.replies.size(); ++i)
      result.send.push_back({i, {kind::release, self_, state_.token, 0}});
  return result;
}

} // namespace bulwark::detail
