#include <bulwark/bulkhead/allocation_attempt.hpp>

#include <utility>

namespace bulwark {

allocation_attempt::allocation_attempt(std::string service,
                                       const resource_amounts& wanted)
  : service_(std::move(service)) {
  for (const auto& [bulkhead, amount] : wanted)
    shares_.push_back({bulkhead, amount});
}

const allocation_attempt::share* allocation_attempt::next() const noexcept {
  return refusal_ || granted_ == shares_.size() ? nullptr : &shares_[granted_];
}

void allocation_attempt::refused(uint64_t free, uint64_t capacity) {
  const auto& [bulkhead, amount] = *next();
  refused(errc::bulkhead_full, std::to_string(amount) + " wanted, "
                                 + std::to_string(free) + " free of "
                                 + std::to_string(capacity));
}

void allocation_attempt::refused(errc why, const std::string& text) {
  auto bulkhead = next()->bulkhead;
  refusal_ = {why,
              bulkhead + ": " + text + "; " + service_
                + " was allocated nothing of " + std::to_string(shares_.size())
                + " resources",
              bulkhead};
}

std::vector<allocation_attempt::share> allocation_attempt::undo() const {
  if (!refusal_)
    return {};
  auto end = shares_.begin() + static_cast<ptrdiff_t>(granted_);
  std::vector<share> result{shares_.begin(), end};
  return {result.rbegin(), result.rend()};
}

} // namespace bulwark
