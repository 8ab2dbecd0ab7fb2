#include <bulwark/replication/detail/member_log.hpp>

#include <algorithm>

namespace bulwark::detail {

offer_answer member_log::judge(uint64_t epoch,
                               const log_entry& entry) const noexcept {
  using enum offer_verdict;
  const auto& last = index_.last();
  if (epoch < promised_)
    return {fenced, promised_, last};
  auto where = position_of(entry);
  if (index_.holds(where))
    return {have, promised_, where};
  auto before = index_.at(entry.sequence - 1);
  if (!before)
    return {entry.sequence > last.sequence ? gap : too_old, promised_, last};
  if (before->checksum != entry.predecessor)
    return {diverged, promised_, *before};
  if (entry.sequence > last.sequence)
    return {append, promised_, where};
  return {last.epoch == epoch ? contradiction : replace, promised_, where};
}

offer_answer
member_log::judge_snapshot(uint64_t epoch,
                           const log_position& where) const noexcept {
  using enum offer_verdict;
  const auto& last = index_.last();
  if (epoch < promised_)
    return {fenced, promised_, last};
  if (last.epoch == epoch && last.sequence >= where.sequence)
    return {have, promised_, last};
  return {replace, promised_, where};
}

told_position member_log::judge_ask(uint64_t epoch) const noexcept {
  return {epoch >= promised_, std::max(epoch, promised_), index_.last()};
}

void member_log::stored(uint64_t epoch, const log_position& where) {
  promise(epoch);
  index_.cut(where.sequence - 1);
  index_.append(where);
}

void member_log::installed(uint64_t epoch, const log_position& where) {
  promise(epoch);
  index_.reset(where);
}

void member_log::promise(uint64_t epoch) noexcept {
  promised_ = std::max(promised_, epoch);
}

uint64_t next_epoch(uint64_t promised, size_t member, size_t members) noexcept {
  return promised + 1 + (member + members - promised % members) % members;
}

} // namespace bulwark::detail
