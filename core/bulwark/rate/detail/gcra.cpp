#include <bulwark/rate/detail/gcra.hpp>

#include <algorithm>

namespace bulwark {

gcra::gcra(const rate_options& options) : terms_(options) {}

void gcra::proceed(time_point now) noexcept {
  latest_ = std::max(latest_, now);
  if (due_ >= latest_)
    return;
  due_ = latest_;
  part_ = 0;
}

int64_t gcra::ahead() const noexcept {
  return (due_ - latest_).count() * terms_.rate + part_;
}

void gcra::set_ahead(int64_t units) noexcept {
  due_ = latest_ + duration{units / terms_.rate};
  part_ = units % terms_.rate;
}

rate_verdict gcra::take(time_point now, uint64_t n) {
  return reserve(now, n, duration::zero());
}

rate_verdict gcra::reserve(time_point now, uint64_t n, duration wait_max) {
  proceed(now);
  if (terms_.too_many(n))
    return {false, rate_verdict::never};
  auto next = ahead() + terms_.units(n);
  auto too_early = next - terms_.burst;
  auto wait = too_early <= 0 ? duration::zero() : terms_.time_for(too_early);
  if (wait > wait_max || too_early > rate_terms::units_max)
    return {false, wait};
  set_ahead(next);
  return {true, wait};
}

void gcra::give_back(uint64_t n) {
  auto units = terms_.too_many(n) ? terms_.burst : terms_.units(n);
  set_ahead(std::max(ahead() - units, int64_t{0}));
}

int64_t gcra::available(time_point now) {
  proceed(now);
  auto level = terms_.burst - ahead();
  auto whole = level / terms_.permit;
  return level % terms_.permit < 0 ? whole - 1 : whole;
}

void gcra::change(const rate_options& options, time_point now) {
  auto kept = available(now);
  terms_ = rate_terms{options};
  auto debt_max = rate_terms::units_max / terms_.permit;
  auto burst = terms_.burst / terms_.permit;
  set_ahead((burst - std::clamp(kept, -debt_max, burst)) * terms_.permit);
}

time_point gcra::full_at() const noexcept {
  return part_ > 0 ? due_ + duration{1} : due_;
}

} // namespace bulwark
