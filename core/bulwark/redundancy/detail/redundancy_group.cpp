#include <bulwark/redundancy/detail/redundancy_group.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

namespace {

using act = redundancy_step_kind;

bool is_down(const group_replica& which) noexcept {
  return which.status == member_status::failed
         || which.status == member_status::recovering;
}

/// The first that is wanted and better than others that are; else the first
/// that is wanted.
template <class Wanted, class Better>
size_t first_of(const std::vector<group_replica>& all, Wanted wanted,
                Better better) noexcept {
  auto result = redundancy_step::nobody;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!wanted(all[i]))
      continue;
    if (better(all[i]))
      return i;
    if (result == redundancy_step::nobody)
      result = i;
  }
  return result;
}

} // namespace

redundancy_group::redundancy_group(const std::vector<std::string>& active,
                                   const std::vector<std::string>& standby,
                                   const group_options& options, time_point now)
  : options_(options), demanded_(active.size()) {
  auto add = [&](const std::string& id, bool serves) {
    group_replica added;
    added.id = id;
    added.active = added.preferred = serves;
    added.last_health_check = added.healthy_since = now;
    members_.push_back(std::move(added));
  };
  for (const auto& id : active)
    add(id, true);
  for (const auto& id : standby)
    add(id, false);
}

redundancy_group::steps
redundancy_group::failed(size_t which, std::string reason, time_point now) {
  auto& it = members_[which];
  if (it.status == member_status::failed)
    return {};
  it.status = member_status::failed;
  it.reason = std::move(reason);
  ++it.failure_count;
  it.failed_at = {now, it.failed_at[0]};
  it.ejected = false;
  auto load = std::exchange(it.load, 0);
  steps result{{act::replica_failed, which}};
  auto served = std::exchange(it.active, false);
  fill(served ? which : nobody, result);
  // It may have stood in for one that is well again.
  for (size_t i = 0; i < members_.size(); ++i)
    resume(i, result);
  if (served && active() > 0 && load > 0)
    result.push_back({act::load_redistributed, which, nobody, load});
  return result;
}

void redundancy_group::recovering(size_t which) {
  auto& it = members_[which];
  if (it.status != member_status::failed)
    return;
  it.status = member_status::recovering;
  ++it.recovery_attempts;
}

redundancy_group::steps redundancy_group::healthy(size_t which,
                                                  time_point now) {
  auto& it = members_[which];
  it.last_health_check = now;
  if (it.status == member_status::healthy)
    return {};
  it.status = member_status::healthy;
  it.healthy_since = now;
  it.recovery_attempts = 0;
  it.reason.clear();
  steps result;
  resume(which, result);
  fill(nobody, result);
  return result;
}

redundancy_group::steps redundancy_group::degraded(size_t which,
                                                   std::string reason) {
  auto& it = members_[which];
  if (is_down(it))
    return {};
  it.status = member_status::degraded;
  it.reason = std::move(reason);
  steps result;
  fill(nobody, result);
  return result;
}

redundancy_group::steps redundancy_group::ejected(size_t which, bool is) {
  auto& it = members_[which];
  if (is_down(it) || it.ejected == is)
    return {};
  it.ejected = is;
  steps result;
  if (!is)
    resume(which, result);
  fill(nobody, result);
  return result;
}

/// A place that is free is its own, if it was declared active.
void redundancy_group::resume(size_t which, steps& to_do) {
  auto& it = members_[which];
  if (it.active || !it.preferred || !it.good() || active() >= demanded_)
    return;
  it.active = true;
  to_do.push_back({act::resumed, which});
}

void redundancy_group::fill(size_t gone, steps& to_do) {
  while (good_active() < options_.min_healthy) {
    auto next = best_standby();
    if (next == nobody) {
      if (active() == 0)
        promote_last(gone, to_do);
      if (!std::exchange(exhausted_, true))
        to_do.push_back({act::group_exhausted});
      return;
    }
    auto instead_of = gone;
    if (active() >= demanded_) {
      instead_of = worst_active();
      members_[instead_of].active = false;
    }
    members_[next].active = true;
    to_do.push_back({act::standby_promoted, next, instead_of});
    if (instead_of != gone)
      to_do.push_back({act::stood_down, instead_of, next});
    gone = nobody;
  }
  exhausted_ = false;
}

/// Nobody is good, and nobody serves.
void redundancy_group::promote_last(size_t gone, steps& to_do) {
  auto last = first_of(
    members_, [](const auto& each) { return !is_down(each); },
    [](const auto& each) { return !each.ejected; });
  if (last == nobody)
    return;
  members_[last].active = true;
  to_do.push_back({act::standby_promoted, last, gone});
}

redundancy_group::steps redundancy_group::wake(time_point now) {
  steps result;
  for (size_t i = 0; i < members_.size(); ++i) {
    auto& it = members_[i];
    if (!waits_to_return(it)
        || now - it.healthy_since < options_.fail_back_after)
      continue;
    auto other = stand_in();
    if (other == nobody)
      break;
    members_[other].active = false;
    it.active = true;
    result.push_back({act::failed_back, i, other});
    result.push_back({act::stood_down, other, i});
  }
  return result;
}

time_point redundancy_group::next() const {
  auto result = time_point::max();
  if (stand_in() == nobody)
    return result;
  for (const auto& each : members_)
    if (waits_to_return(each))
      result = std::min(result, each.healthy_since + options_.fail_back_after);
  return result;
}

size_t redundancy_group::active() const noexcept {
  return static_cast<size_t>(
    std::count_if(members_.begin(), members_.end(),
                  [](const auto& each) { return each.active; }));
}

size_t redundancy_group::good_active() const noexcept {
  return static_cast<size_t>(
    std::count_if(members_.begin(), members_.end(),
                  [](const auto& each) { return each.active && each.good(); }));
}

bool redundancy_group::flaps(const group_replica& which) const noexcept {
  const auto& at = which.failed_at;
  return at[1] && *at[0] - *at[1] < options_.reset_after;
}

bool redundancy_group::waits_to_return(
  const group_replica& which) const noexcept {
  return options_.policy == fail_back::preferred && which.preferred
         && !which.active && which.good() && !flaps(which);
}

/// Those that failed twice come after all others.
size_t redundancy_group::best_standby() const noexcept {
  return first_of(
    members_, [](const auto& each) { return !each.active && each.good(); },
    [this](const auto& each) { return !flaps(each); });
}

/// One that is not good; rather one that is ejected than one that is degraded.
size_t redundancy_group::worst_active() const noexcept {
  return first_of(
    members_, [](const auto& each) { return each.active && !each.good(); },
    [](const auto& each) { return each.ejected; });
}

/// A standby by declaration that is active; rather one that is not good.
size_t redundancy_group::stand_in() const noexcept {
  return first_of(
    members_, [](const auto& each) { return each.active && !each.preferred; },
    [](const auto& each) { return !each.good(); });
}

} // namespace bulwark
