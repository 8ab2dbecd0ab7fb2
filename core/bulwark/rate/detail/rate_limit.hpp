#pragma once

#include <bulwark/rate/detail/gcra.hpp>
#include <bulwark/rate/detail/token_bucket.hpp>

#include <variant>

namespace bulwark {

/// A rate, kept by the algorithm that its options name; see `token_bucket`
/// for what the functions do.
///
/// Confined to one thread.
class rate_limit {
public:
  /// @pre `validate(options)` has no complaint
  explicit rate_limit(const rate_options& options) : how_(made(options)) {}

  rate_verdict take(time_point now, uint64_t n = 1) {
    return std::visit([&](auto& how) { return how.take(now, n); }, how_);
  }

  rate_verdict reserve(time_point now, uint64_t n, duration wait_max) {
    return std::visit([&](auto& how) { return how.reserve(now, n, wait_max); },
                      how_);
  }

  void give_back(uint64_t n = 1) {
    std::visit([&](auto& how) { how.give_back(n); }, how_);
  }

  [[nodiscard]] int64_t available(time_point now) {
    return std::visit([&](auto& how) { return how.available(now); }, how_);
  }

  /// The algorithm stays.
  void change(const rate_options& options, time_point now) {
    std::visit([&](auto& how) { how.change(options, now); }, how_);
  }

private:
  using algorithm = std::variant<token_bucket, gcra>;

  static algorithm made(const rate_options& options) {
    if (options.algorithm == rate_algorithm::gcra)
      return gcra{options};
    return token_bucket{options};
  }

  algorithm how_;
};

} // namespace bulwark
