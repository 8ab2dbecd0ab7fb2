#include <bulwark/ledger/detail/cluster_fold.hpp>
#include <bulwark/ledger/detail/fold_step.hpp>

#include <algorithm>
#include <cstdint>

namespace bulwark {

namespace {

// Of times that are not negative; what is too long stays at the longest.
int64_t sum(int64_t a, int64_t b) noexcept {
  return a > INT64_MAX - b ? INT64_MAX : a + b;
}

} // namespace

void outage_sums::add_outage(int64_t at) noexcept {
  if (outages++ == 0)
    first_outage = at;
  last_outage = at;
}

void outage_sums::add_recovery(int64_t length) noexcept {
  recovery_time = sum(recovery_time, length);
  ++measured;
}

void outage_sums::merge(const outage_sums& other) noexcept {
  if (other.outages > 0) {
    first_outage = outages == 0 ? other.first_outage
                                : std::min(first_outage, other.first_outage);
    last_outage = std::max(last_outage, other.last_outage);
    outages += other.outages;
  }
  recovery_time = sum(recovery_time, other.recovery_time);
  measured += other.measured;
}

void cluster_fold::apply(const mark& what, const ledger_names& names,
                         const std::vector<ledger_names::origin>& origins) {
  fold_step{*this, names, origins[what.origin], what}.run();
}

void cluster_fold::write_until(int64_t at) {
  for (auto& each : components)
    each.track.write_until(at);
  for (auto& each : services)
    each.track.write_until(at);
  system.write_until(at);
}

} // namespace bulwark
