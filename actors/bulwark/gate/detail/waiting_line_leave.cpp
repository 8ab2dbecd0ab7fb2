#include <bulwark/gate/detail/waiting_line.hpp>

#include <algorithm>

// Who waits in vain, or not any more.

namespace bulwark::detail {

bool waiting_line::left(pending_id id) noexcept {
  std::optional<rate_waiters::removed> turn;
  bool others_wait = false;
  {
    lock_guard guard{lock_};
    if (permits_)
      permits_->left(id);
    turn = turns_.left(id);
    others_wait = turns_.waiting() > 0;
  }
  if (!turn)
    return false;
  if (auto* rate = protects_.rate())
    rate->give_back(turn->tenant);
  return turn->waited && others_wait;
}

std::pair<element_chain, errc> waiting_line::take_hopeless() {
  lock_guard guard{lock_};
  if (doors_.replicas_up() > 0 || stash_.empty())
    return {};
  // What a peer sent must not travel on: other peers are no hope for it.
  bool local_only = doors_.peers_may_come(clock_.now());
  auto why = doors_.hopeless(local_only, clock_.now());
  if (!why)
    return {};
  return {stash_.take_if([=](const element& what, bool) {
            return !local_only || has_flag(what, from_peer_bit) ? choice::take
                                                                : choice::leave;
          }),
          *why};
}

/// What could not go has no use for its permit until it can. What was granted
/// meanwhile comes with a poke of its own, unless nobody is up.
void waiting_line::return_unused() {
  lock_guard guard{lock_};
  if (doors_.replicas_up() == 0)
    permits_->fetch();
  if (doors_.replicas_up() == 0 || !slots_.idle_only())
    for (auto id : permits_->return_unused())
      expire_within(id, options_.stash_wait);
}

std::vector<std::pair<uint64_t, errc>> waiting_line::take_refused() {
  lock_guard guard{lock_};
  return permits_->take_refused();
}

void waiting_line::perform_deferred() noexcept {
  if (lined_ == nullptr || !lined_->defers())
    return;
  permit_line::deferred all;
  {
    lock_guard guard{lock_};
    all = permits_->take_deferred();
  }
  lined_->perform(all);
}

void waiting_line::purge() {
  element_chain gone;
  lock_guard guard{lock_};
  gone = stash_.take_if([this](const element& what, bool) {
    return requests_.live(*tracked_id(what)) ? choice::leave : choice::take;
  });
}

errc waiting_line::waited_for(pending_id id) const {
  lock_guard guard{lock_};
  if (permits_ && permits_->knows(id))
    return errc::bulkhead_timeout;
  bool hoped = doors_.anyone_up() || doors_.expected().replicas_in_use() > 0;
  // Only another node could have come.
  return hoped ? errc::stash_expired : errc::unreachable;
}

waiting_line::standing waiting_line::stand() const {
  standing result;
  lock_guard guard{lock_};
  result.replicas = doors_.expected().replicas_in_use();
  result.replicas_up = doors_.replicas_up();
  result.peers_up = doors_.peers_counted();
  result.peers_open = doors_.peers_up();
  result.waiting = stash_.size();
  result.hopeless = doors_.hopeless(false, clock_.now());
  return result;
}

element_chain waiting_line::end() {
  lock_guard guard{lock_};
  doors_.end();
  return stash_.take_all();
}

} // namespace bulwark::detail
