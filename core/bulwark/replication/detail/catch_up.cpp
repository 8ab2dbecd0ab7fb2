#include <bulwark/replication/detail/catch_up.hpp>

#include <algorithm>

namespace bulwark::detail {

catch_up_plan plan_catch_up(const log_index& own, const offer_answer& answer,
                            size_t batch_max) noexcept {
  using kind = catch_up_plan::kind;
  const auto& other = answer.position;
  auto agreed = other.sequence;
  if (answer.verdict == offer_verdict::too_old)
    return {kind::snapshot, 0, 0};
  if (!own.holds(other)) {
    // What the other one has of an epoch that its primary did not end with is
    // dropped as a whole: no entry of that epoch is worth comparing.
    auto before = own.last_of_epoch(other.epoch);
    if (!before || other.sequence == 0)
      return {kind::snapshot, 0, 0};
    agreed = std::min(before->sequence, other.sequence - 1);
    if (agreed < own.base().sequence)
      return {kind::snapshot, 0, 0};
  }
  auto left = own.last().sequence - std::min(agreed, own.last().sequence);
  if (left == 0)
    return {};
  return {kind::entries, agreed + 1, std::min<size_t>(left, batch_max)};
}

} // namespace bulwark::detail
