#include <bulwark/redundancy/detail/replica_usage.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace bulwark {

namespace {

using names = std::vector<std::string>;

names part_of(const names& all, size_t first, size_t count) {
  auto begin =
    all.begin() + static_cast<ptrdiff_t>(std::min(first, all.size()));
  auto end =
    all.begin() + static_cast<ptrdiff_t>(std::min(first + count, all.size()));
  return {begin, end};
}

bool is_gone(const group_replica& which) noexcept {
  return which.status == member_status::failed
         || which.status == member_status::recovering;
}

} // namespace

replica_usage::replica_usage(const std::vector<std::string>& names,
                             const usage_options& options, time_point now)
  : options_(options),
    group_(part_of(names, 0, options.active),
           part_of(names, options.active, options.standby), options.group, now),
    members_(members_max) {
  if (!options.ejection)
    return;
  ejection_.emplace(*options.ejection);
  ejection_->declare(names.size());
}

replica_usage::steps replica_usage::up(size_t member, uint64_t incarnation,
                                       time_point now) {
  auto& it = members_[member];
  if (incarnation <= std::max(it.gone, it.newest))
    return {};
  it.up = true;
  it.newest = incarnation;
  steps result;
  if (ejection_) {
    ejection_->declare(member + 1);
    ejection_->up(member, now);
  }
  if (in_group(member))
    add(result, group_.healthy(member, now));
  it.checks.begin(it.said_by == incarnation ? std::exchange(it.said, {})
                                            : std::nullopt);
  checked(member, {}, result, now);
  if (in_group(member))
    replace_absent(result, now);
  look_for_panic(result);
  return result;
}

/// All count as well before they have come up. Once one has failed, those that
/// never came up hold the places of others that are there.
void replica_usage::replace_absent(steps& result, time_point now) {
  const auto& group = group_.members();
  auto begin = members_.begin();
  auto end = begin + static_cast<ptrdiff_t>(group.size());
  if (std::none_of(begin, end, [](const auto& x) { return x.gone > 0; }))
    return;
  for (size_t i = 0; i < group.size();) {
    if (group[i].active && members_[i].up)
      return;
    auto absent = group[i].active && members_[i].newest == 0;
    if (absent)
      fail(i, "it has not come up yet", result, now);
    i = absent ? 0 : i + 1;
  }
}

/// Those that were ejected come back first where they have to: with them no
/// group is exhausted that is not.
replica_usage::steps replica_usage::down(size_t member, uint64_t incarnation,
                                         const std::string& why, double load,
                                         time_point now) {
  auto& it = members_[member];
  if (incarnation <= it.gone || incarnation < it.newest)
    return {};
  it.up = false;
  it.gone = it.newest = incarnation;
  it.checks = {};
  steps result;
  if (ejection_ && member < ejection_->size())
    add(result, ejection_->down(member, now));
  if (in_group(member)) {
    group_.load(member, load);
    fail(member, why, result, now);
  }
  look_for_panic(result);
  return result;
}

void replica_usage::starting(size_t member) {
  if (in_group(member))
    group_.recovering(member);
}

replica_usage::steps
replica_usage::answered(size_t member, const outlier_ejection::answer& how,
                        time_point now) {
  steps result;
  if (!ejection_ || member >= ejection_->size())
    return result;
  auto change = ejection_->answered(member, how, now);
  if (!change)
    return result;
  add(result, {*change});
  look_for_panic(result);
  return result;
}

replica_usage::steps replica_usage::declared(size_t member,
                                             uint64_t incarnation,
                                             std::optional<std::string> reason,
                                             time_point now) {
  auto& it = members_[member];
  if (incarnation > std::max(it.newest, it.gone)) {
    it.said_by = incarnation;
    it.said = std::move(reason);
  }
  steps result;
  if (!it.up || incarnation != it.newest)
    return result;
  auto before = it.checks;
  it.checks.declare(std::move(reason));
  checked(member, before, result, now);
  return result;
}

replica_usage::steps replica_usage::probed(size_t member, uint64_t incarnation,
                                           bool good, const std::string& why,
                                           time_point now) {
  auto& it = members_[member];
  steps result;
  if (!it.up || incarnation != it.newest)
    return result;
  auto before = it.checks;
  it.checks.probed(good, why, *options_.probe);
  checked(member, before, result, now);
  return result;
}

void replica_usage::load(size_t member, uint64_t incarnation, double share) {
  if (in_group(member) && incarnation >= members_[member].newest)
    group_.load(member, share);
}

/// Tells what has changed. One that is well was looked at now in any case.
void replica_usage::checked(size_t member, const member_checks& before,
                            steps& to, time_point now) {
  const auto& it = members_[member].checks;
  auto tell = [&](const std::optional<std::string>& was,
                  const std::optional<std::string>& is, health_source source) {
    if (was.has_value() != is.has_value())
      to.emplace_back(health_change{member, !is, source, is.value_or("")});
  };
  tell(before.silent(), it.silent(), health_source::probe);
  tell(before.declared(), it.declared(), health_source::declared);
  if (in_group(member))
    add(to, it.well() ? group_.healthy(member, now)
                      : group_.degraded(member, it.reason()));
}

replica_usage::steps replica_usage::wake(time_point now) {
  steps result;
  if (ejection_)
    add(result, ejection_->wake(now));
  add(result, group_.wake(now));
  look_for_panic(result);
  return result;
}

replica_usage::steps replica_usage::arranged(time_point now) {
  auto serves = serving(false);
  if (!down_since_ || serves < options_.group.min_healthy)
    return {};
  outage_step over{true, serves, redundancy_step::nobody,
                   now - *std::exchange(down_since_, std::nullopt),
                   std::exchange(failover_, false)};
  return {over};
}

time_point replica_usage::next() const {
  auto result = group_.next();
  return ejection_ ? std::min(result, ejection_->next()) : result;
}

uint64_t replica_usage::used() const {
  auto all = active();
  uint64_t usable = all;
  for (size_t i = 0; ejection_ && !panics_ && i < ejection_->size(); ++i)
    if (ejection_->ejected(i))
      usable &= ~(uint64_t{1} << i);
  auto answering = without_silent(all, usable);
  return answering != 0 ? answering : usable != 0 ? usable : all;
}

uint64_t replica_usage::active() const noexcept {
  uint64_t result = 0;
  for (size_t i = 0; i < members_.size(); ++i)
    if (members_[i].up && (!in_group(i) || members()[i].active))
      result |= uint64_t{1} << i;
  return result;
}

/// 0: fewer than half of the active ones answer probes and can be used.
uint64_t replica_usage::without_silent(uint64_t active,
                                       uint64_t usable) const noexcept {
  for (size_t i = 0; i < members_.size(); ++i)
    if (members_[i].checks.silent())
      usable &= ~(uint64_t{1} << i);
  return 2 * std::popcount(usable) >= std::popcount(active) ? usable : 0;
}

bool replica_usage::ignores_probes() const {
  uint64_t silent = 0;
  for (size_t i = 0; i < members_.size(); ++i)
    silent |= uint64_t{members_[i].checks.silent().has_value()} << i;
  return (used() & silent) != 0;
}

group_health replica_usage::health() const {
  auto all = members();
  for (size_t i = 0; i < all.size(); ++i) {
    // It was not up yet; until it fails to, decisions take it for healthy.
    if (!members_[i].up && all[i].status == member_status::healthy)
      all[i].status = member_status::recovering;
  }
  return health_of(all, options_.group.min_healthy,
                   panics_ || ignores_probes());
}

void replica_usage::add(steps& to, redundancy_group::steps what) {
  for (auto& each : options_.standby > 0 ? what : redundancy_group::steps{}) {
    failover_ |=
      down_since_ && each.kind == redundancy_step_kind::standby_promoted;
    to.emplace_back(each);
  }
}

void replica_usage::add(steps& to, const outlier_ejection::changes& what) {
  for (const auto& each : what) {
    to.emplace_back(each);
    if (in_group(each.member))
      add(to, group_.ejected(each.member, each.ejected));
  }
}

/// Whoever is promoted for it serves only when that is carried out: until then
/// the service is down.
void replica_usage::fail(size_t member, const std::string& why, steps& to,
                         time_point now) {
  auto rest = serving(true);
  auto follows = group_.failed(member, why, now);
  if (follows.empty())
    return;
  add(to, {follows.front()});
  if (options_.standby > 0 && !down_since_
      && rest < options_.group.min_healthy) {
    down_since_ = now;
    to.emplace_back(outage_step{false, rest, member, {}, false});
  }
  follows.erase(follows.begin());
  add(to, std::move(follows));
}

void replica_usage::look_for_panic(steps& to) {
  if (!ejection_ || std::exchange(panics_, ejection_->panics()) || !panics_)
    return;
  auto out = ejection_->ejected();
  to.emplace_back(panic_step{ejection_->members_up() - out, out});
}

/// How many active members are up; or are started for the first time.
size_t replica_usage::serving(bool also_coming) const noexcept {
  size_t result = 0;
  for (size_t i = 0; i < members().size(); ++i)
    result += members()[i].active && !is_gone(members()[i])
              && (members_[i].up || (also_coming && members_[i].newest == 0));
  return result;
}

} // namespace bulwark
