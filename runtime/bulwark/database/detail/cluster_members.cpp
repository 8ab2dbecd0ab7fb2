// Who is up, who leads, and who has what.
#include <bulwark/database/detail/cluster_core.hpp>

#include <caf/exit_reason.hpp>

namespace bulwark::detail {

namespace {

struct attempt_outcome {
  promotion_verdict verdict = promotion_verdict::too_few;
  uint64_t epoch = 0;
  size_t furthest = 0;
  std::string missing;
};

/// Ends the attempt of a member, in its thread.
attempt_outcome outcome_of(sqlite_replica& it, bool forced) {
  attempt_outcome result;
  const auto& attempt = it.attempt();
  result.epoch = attempt.epoch();
  result.furthest = attempt.furthest();
  result.missing = explain_too_few(it.options().members, attempt.missing(),
                                   it.options().told_min());
  result.verdict = it.lead(forced);
  return result;
}

} // namespace

// -- who is up ----------------------------------------------------------------

void cluster_core::report_load(const std::string& name, double share) {
  group_.load(place_of(name), share);
}

void cluster_core::lost(size_t which, const std::string& why) {
  if (!owners_[which])
    return;
  self_->send_exit(owners_[which], caf::exit_reason::kill);
  ended_[which] = std::move(owners_[which]);
  owners_[which] = nullptr;
  say(name(which) + " has failed: " + why);
  say(group_.failed(which, why, system_.clock().now()));
  if (primary_ == which)
    primary_ = nobody;
}

void cluster_core::handle_node_error(size_t which, const replica_error& error) {
  switch (error.kind()) {
  case database_error::node_failed:
    lost(which, error.what());
    break;
  case database_error::not_primary:
    primary_ = nobody;
    break;
  case database_error::degraded:
    say(group_.degraded(which, error.what()));
    break;
  case database_error::again:
  case database_error::give_up:
    break;
  }
  elect_if_possible();
}

void cluster_core::fail(const std::string& name) {
  lost(place_of(name), "ended by hand");
  elect_if_possible();
}

void cluster_core::come_back(const std::string& name) {
  auto which = place_of(name);
  if (owners_[which])
    return;
  // A file has one owner at a time.
  if (ended_[which])
    self_->wait_for(ended_[which]);
  ended_[which] = nullptr;
  group_.recovering(which);
  owners_[which] =
    own_replica(system_, options_.folder / (name + ".db"), names_, which);
  elect_if_possible();
  if (primary_ != nobody && primary_ != which)
    send(which, on(primary_, [](sqlite_replica& it) { return it.newest(); }));
  auto dropped = on(which, [](sqlite_replica& it) { return it.dropped(); });
  say(name + " follows again"
      + (dropped == 0 ? ""
                      : "; it dropped " + std::to_string(dropped)
                          + " entries that were never acknowledged"));
  say(group_.healthy(which, system_.clock().now()));
}

// -- who leads ----------------------------------------------------------------

size_t cluster_core::first_up() const {
  auto result = nobody;
  for (size_t i = 0; i < owners_.size(); ++i)
    if (owners_[i]
        && (result == nobody
            || (group_.members()[i].active
                && !group_.members()[result].active)))
      result = i;
  return result;
}

void cluster_core::elect_if_possible() {
  if (primary_ != nobody)
    return;
  try {
    elect(false);
  } catch (const replica_error& e) {
    say(std::string{"nobody leads: "} + e.what());
  }
}

bool cluster_core::force_primary() {
  say("an operator forces a primary");
  elect(true);
  return primary_ != nobody;
}

void cluster_core::elect(bool forced) {
  primary_ = nobody;
  auto which = first_up();
  // Each tries at most twice: the first time it may be outbid.
  for (size_t i = 0; which != nobody && i < 2 * owners_.size(); ++i) {
    try {
      auto leader = try_to_lead(which, forced);
      if (primary_ != nobody)
        return spread();
      which = leader;
    } catch (const replica_error& e) {
      if (e.kind() != database_error::node_failed)
        throw;
      lost(which, e.what());
      which = first_up();
    }
  }
  throw replica_error{database_error::degraded, "no member can lead"};
}

size_t cluster_core::try_to_lead(size_t which, bool forced) {
  auto epoch = on(which, [](sqlite_replica& it) { return it.begin_attempt(); });
  ask_all(which, epoch);
  auto outcome =
    on(which, [=](sqlite_replica& it) { return outcome_of(it, forced); });
  switch (outcome.verdict) {
  case promotion_verdict::too_few:
    throw replica_error{database_error::degraded, outcome.missing};
  case promotion_verdict::another:
    return outcome.furthest;
  case promotion_verdict::outbid:
    return which;
  case promotion_verdict::lead:
    break;
  }
  primary_ = which;
  say(name(which) + " is the primary of epoch " + std::to_string(outcome.epoch)
      + (forced ? "; forced: " + outcome.missing : ""));
  return which;
}

void cluster_core::ask_all(size_t which, uint64_t epoch) {
  for (size_t i = 0; i < owners_.size(); ++i) {
    if (i == which || !owners_[i])
      continue;
    std::optional<told_position> told;
    try {
      told = on(i, [=](sqlite_replica& it) { return it.ask(epoch); });
    } catch (const replica_error& e) {
      lost(i, e.what());
      continue;
    }
    run(which, [=](sqlite_replica& it) { it.on_told(i, epoch, *told); });
  }
}

// -- who has what -------------------------------------------------------------

void cluster_core::spread() {
  auto newest = on(primary_, [](sqlite_replica& it) { return it.newest(); });
  for (size_t i = 0; i < owners_.size(); ++i)
    if (i != primary_ && owners_[i])
      send(i, newest);
}

void cluster_core::send(size_t other, std::optional<replica_shipment> next) {
  while (next) {
    offer_answer answer;
    try {
      answer = on(other, [=](sqlite_replica& it) { return it.take(*next); });
    } catch (const replica_error& e) {
      return lost(other, e.what());
    }
    next = on(primary_, [=, epoch = next->epoch](sqlite_replica& it) {
      return it.on_answer(other, epoch, answer);
    });
  }
}

} // namespace bulwark::detail
