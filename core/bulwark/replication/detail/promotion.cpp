#include <bulwark/replication/detail/promotion.hpp>

#include <algorithm>

namespace bulwark::detail {

std::string to_string(promotion_verdict verdict) {
  switch (verdict) {
  case promotion_verdict::too_few:
    return "too_few";
  case promotion_verdict::lead:
    return "lead";
  case promotion_verdict::another:
    return "another";
  case promotion_verdict::outbid:
    return "outbid";
  }
  return "promotion_verdict(" + std::to_string(static_cast<int>(verdict)) + ")";
}

promotion::promotion(size_t members, size_t self, size_t told_min,
                     uint64_t epoch, const log_position& own)
  : self_(self),
    told_min_(told_min),
    epoch_(epoch),
    largest_epoch_(epoch),
    told_(members) {
  told_[self] = own;
}

void promotion::on_told(size_t member, uint64_t epoch,
                        const told_position& told) {
  largest_epoch_ = std::max(largest_epoch_, told.promised);
  // Of an earlier attempt: who promised that may have stored more since.
  if (epoch == epoch_ && told.yes)
    told_[member] = told.last;
}

promotion_verdict promotion::decide(uint64_t promised,
                                    bool forced) const noexcept {
  if (promised != epoch_ || largest_epoch_ > epoch_)
    return promotion_verdict::outbid;
  auto told =
    told_.size()
    - static_cast<size_t>(std::count(told_.begin(), told_.end(), std::nullopt));
  if (told < told_min_ && !forced)
    return promotion_verdict::too_few;
  return furthest() == self_ ? promotion_verdict::lead
                             : promotion_verdict::another;
}

std::vector<size_t> promotion::missing() const {
  std::vector<size_t> result;
  for (size_t i = 0; i < told_.size(); ++i)
    if (!told_[i])
      result.push_back(i);
  return result;
}

size_t promotion::furthest() const noexcept {
  auto result = self_;
  for (size_t i = 0; i < told_.size(); ++i)
    if (told_[i] && further(*told_[i], *told_[result]))
      result = i;
  return result;
}

std::string explain_too_few(const std::vector<std::string>& members,
                            const std::vector<size_t>& missing,
                            size_t told_min) {
  auto result = std::to_string(members.size() - missing.size()) + " of "
                + std::to_string(members.size())
                + " members have told their position, and "
                + std::to_string(told_min) + " are needed; missing: ";
  for (size_t i = 0; i < missing.size(); ++i)
    result += (i == 0 ? "" : ", ") + members[missing[i]];
  return result;
}

} // namespace bulwark::detail
