#include <bulwark/chaos/fault_leases.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>

namespace bulwark {

namespace {

/// Rates are compared with this many bits of chance, and what is left of the
/// number decides on the next fault.
constexpr uint64_t odds = uint64_t{1} << 16;

/// The next number out of one (G. Steele et al., SplitMix64), so that one
/// number decides on all faults, independently.
uint64_t next_of(uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

bool hits(double rate, uint64_t random) {
  return static_cast<double>(random % odds) < rate * static_cast<double>(odds);
}

} // namespace

/// Drops those that are over.
time_point fault_leases::seen(time_point now) {
  latest_ = std::max(latest_, now);
  std::erase_if(leases_, [&](const auto& each) {
    auto over = latest_ >= each.second.until;
    if (over)
      expired_.push_back(each.first);
    return over;
  });
  while (expired_.size() > faults_max)
    expired_.pop_front();
  return latest_;
}

std::optional<std::string> fault_leases::grant(const std::string& id,
                                               const fault& what,
                                               time_point now, places at) {
  if (auto wrong = validate(what))
    return wrong;
  auto until = seen(now) + lease;
  if (!leases_.contains(id) && leases_.size() >= faults_max)
    return option_checks::said("faults", std::to_string(leases_.size() + 1),
                               "at most " + std::to_string(faults_max)
                                 + " at one target at a time");
  leases_.insert_or_assign(id, entry{what, until, at});
  return std::nullopt;
}

bool fault_leases::renew(const std::string& id, time_point now) {
  auto until = seen(now) + lease;
  auto known = leases_.find(id);
  if (known == leases_.end())
    return false;
  known->second.until = until;
  return true;
}

void fault_leases::end(const std::string& id) {
  leases_.erase(id);
}

std::optional<fault_strike> fault_leases::strike(time_point now,
                                                 uint64_t random, size_t at) {
  seen(now);
  for (const auto& [id, each] : leases_) {
    random = next_of(random);
    if ((each.at >> at & 1) != 0 && hits(each.what.rate, random))
      return fault_strike{id, each.what};
  }
  return std::nullopt;
}

bool fault_leases::lasts(const std::string& id, time_point now) {
  seen(now);
  return leases_.contains(id);
}

std::vector<std::string> fault_leases::take_expired(time_point now) {
  seen(now);
  std::vector<std::string> result{expired_.begin(), expired_.end()};
  expired_.clear();
  return result;
}

std::vector<fault> fault_leases::active(time_point now) {
  seen(now);
  std::vector<fault> result;
  for (const auto& [id, each] : leases_)
    result.push_back(each.what);
  return result;
}

std::optional<time_point> fault_leases::next_end() const {
  std::optional<time_point> result;
  for (const auto& [id, each] : leases_)
    result = result ? std::min(*result, each.until) : each.until;
  return result;
}

} // namespace bulwark
