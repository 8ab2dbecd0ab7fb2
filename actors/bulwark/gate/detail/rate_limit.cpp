#include <bulwark/gate/detail/rate_limit.hpp>

#include <algorithm>

namespace bulwark::detail {

permission rate_limit::may_go(const std::string& tenant, const entrance& by) {
  auto at = bulkhead_->now();
  auto left =
    (by.flags & from_peer_bit) != 0 ? duration::zero() : by.deadline - at;
  auto verdict = bulkhead_->begin(tenant, std::max(left, duration::zero()));
  if (!verdict.granted)
    return permission::no(errc::rate_limited);
  if (verdict.wait > duration::zero())
    return permission::later(at + verdict.wait);
  return permission::yes();
}

} // namespace bulwark::detail
