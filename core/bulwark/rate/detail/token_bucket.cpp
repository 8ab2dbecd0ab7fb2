#include <bulwark/rate/detail/token_bucket.hpp>

#include <algorithm>

namespace bulwark {

token_bucket::token_bucket(const rate_options& options)
  : terms_(options), level_(terms_.burst) {}

void token_bucket::refill(time_point now) {
  if (now <= latest_)
    return;
  auto missing = terms_.burst - level_;
  // Nothing is missing before the first time, which is far away.
  if (missing == 0 || now - latest_ >= terms_.time_for(missing))
    level_ = terms_.burst;
  else
    level_ += (now - latest_).count() * terms_.rate;
  latest_ = now;
}

rate_verdict token_bucket::take(time_point now, uint64_t n) {
  return reserve(now, n, duration::zero());
}

rate_verdict token_bucket::reserve(time_point now, uint64_t n,
                                   duration wait_max) {
  refill(now);
  if (terms_.too_many(n))
    return {false, rate_verdict::never};
  auto left = level_ - terms_.units(n);
  auto wait = left >= 0 ? duration::zero() : terms_.time_for(-left);
  if (wait > wait_max || left < -rate_terms::units_max)
    return {false, wait};
  level_ = left;
  return {true, wait};
}

void token_bucket::give_back(uint64_t n) {
  auto units = terms_.too_many(n) ? terms_.burst : terms_.units(n);
  level_ = std::min(terms_.burst, level_ + units);
}

int64_t token_bucket::available(time_point now) {
  refill(now);
  auto whole = level_ / terms_.permit;
  return level_ % terms_.permit < 0 ? whole - 1 : whole;
}

void token_bucket::change(const rate_options& options, time_point now) {
  auto kept = available(now);
  terms_ = rate_terms{options};
  auto debt_max = rate_terms::units_max / terms_.permit;
  auto burst = terms_.burst / terms_.permit;
  level_ = std::clamp(kept, -debt_max, burst) * terms_.permit;
}

} // namespace bulwark
