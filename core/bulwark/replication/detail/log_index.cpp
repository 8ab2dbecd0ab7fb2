#include <bulwark/replication/detail/log_index.hpp>

namespace bulwark::detail {

std::optional<log_position> log_index::at(uint64_t sequence) const noexcept {
  if (sequence < base_.sequence || sequence > last().sequence)
    return std::nullopt;
  if (sequence == base_.sequence)
    return base_;
  return kept_[sequence - base_.sequence - 1];
}

std::optional<log_position>
log_index::last_of_epoch(uint64_t epoch) const noexcept {
  for (auto i = kept_.rbegin(); i != kept_.rend(); ++i)
    if (i->epoch <= epoch)
      return *i;
  return base_.epoch <= epoch ? std::optional{base_} : std::nullopt;
}

log_position log_index::base_with(uint64_t sequence) const noexcept {
  return sequence - base_.sequence > kept_max_ ? kept_.front() : base_;
}

void log_index::append(const log_position& where) {
  kept_.push_back(where);
  if (kept_.size() <= kept_max_)
    return;
  base_ = kept_.front();
  kept_.pop_front();
}

void log_index::cut(uint64_t sequence) {
  while (last().sequence > sequence && !kept_.empty())
    kept_.pop_back();
}

void log_index::reset(const log_position& base) {
  base_ = base;
  kept_.clear();
}

} // namespace bulwark::detail
