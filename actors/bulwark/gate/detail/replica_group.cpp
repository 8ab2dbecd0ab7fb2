#include <bulwark/caf/caf_error.hpp>
#include <bulwark/gate/detail/replica_group.hpp>
#include <bulwark/protection/detail/error_outcome.hpp>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

std::vector<std::string> member_names(const group_events& words, size_t count) {
  std::vector<std::string> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(words.name_of(i));
  return result;
}

} // namespace

replica_group::replica_group(caf::actor_system& sys, const std::string& service,
                             const gate_group& settings, emitter events)
  : sys_(sys),
    events_(std::move(events)),
    words_(service, settings.usage.group.min_healthy, settings.severity_shift),
    armed_(settings.usage.armed()),
    learns_(settings.usage.ejection.has_value()) {
  const auto& usage = settings.usage;
  if (armed_)
    usage_.emplace(member_names(words_, usage.active + usage.standby), usage,
                   now());
}

time_point replica_group::now() const {
  return sys_.clock().now();
}

void replica_group::starting(size_t replica) {
  if (!armed_)
    return;
  lock_guard guard{lock_};
  usage_->starting(replica);
}

void replica_group::up(size_t replica, uint64_t incarnation) {
  if (!armed_)
    return;
  lock_guard guard{lock_};
  note(usage_->up(replica, incarnation, now()));
}

void replica_group::down(size_t replica, uint64_t incarnation,
                         const caf::error& why) {
  if (!armed_)
    return;
  auto reason = why ? describe(why) : std::string{"stopped"};
  auto load = had_[replica].exchange(0, std::memory_order_relaxed);
  lock_guard guard{lock_};
  note(usage_->down(replica, incarnation, reason, load, now()),
       failure_of(why));
}

bool replica_group::declared(size_t replica, uint64_t incarnation,
                             std::optional<std::string> reason) {
  if (!armed_ || replica >= replica_usage::members_max)
    return false;
  lock_guard guard{lock_};
  note(usage_->declared(replica, incarnation, std::move(reason), now()));
  return true;
}

bool replica_group::load(size_t replica, uint64_t incarnation, double share) {
  if (!armed_ || replica >= replica_usage::members_max)
    return false;
  lock_guard guard{lock_};
  usage_->load(replica, incarnation, share);
  return true;
}

void replica_group::probed(size_t replica, uint64_t incarnation, bool good,
                           const std::string& why) {
  lock_guard guard{lock_};
  note(usage_->probed(replica, incarnation, good, why, now()));
}

/// As for a circuit breaker: what was refused, or was wrong itself, says
/// nothing about the replica.
void replica_group::ended(size_t replica, const attempt_end& how) noexcept {
  auto good = how.how == attempt_outcome::value;
  if (!learns_ || (!good && outcome_of(how.code) == call_outcome::ignored))
    return;
  using ending = outlier_ejection::ending;
  auto ended = good                                ? ending::value
               : how.how == attempt_outcome::error ? ending::own_error
                                                   : ending::error;
  outlier_ejection::answer answer{ended, how.at - how.took, how.took};
  try {
    lock_guard guard{lock_};
    note(usage_->answered(replica, answer, how.at));
  } catch (...) {
    // Out of memory: it is ejected with its next bad answer.
  }
}

void replica_group::wake() {
  if (!armed_)
    return;
  lock_guard guard{lock_};
  if (auto at = now(); usage_->next() <= at)
    note(usage_->wake(at));
}

time_point replica_group::next() const {
  if (!armed_)
    return time_point::max();
  lock_guard guard{lock_};
  return usage_->next();
}

void replica_group::arranged() {
  std::vector<event> told;
  {
    lock_guard guard{lock_};
    note(usage_->arranged(now()));
    told.swap(untold_);
  }
  for (auto& each : told)
    events_.emit(std::move(each));
}

std::optional<group_health> replica_group::health() const {
  if (!armed_)
    return std::nullopt;
  lock_guard guard{lock_};
  return usage_->health();
}

std::vector<group_replica> replica_group::members() const {
  if (!armed_)
    return {};
  lock_guard guard{lock_};
  return usage_->members();
}

/// What is to be done counts even where there is no memory to tell of it.
void replica_group::note(const replica_usage::steps& what, failure_type why) {
  auto used = usage_->used();
  if (used_.exchange(used) != used || !what.empty()) {
    to_arrange_.store(true);
    to_poke_.store(true);
  }
  for (const auto& each : what)
    if (auto told = words_.event_of(each, why, *usage_))
      untold_.push_back(std::move(*told));
}

} // namespace bulwark::detail
