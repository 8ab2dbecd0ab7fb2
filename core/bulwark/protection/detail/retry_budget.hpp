#pragma once

#include <bulwark/containers/detail/thread_lane.hpp>
#include <bulwark/protection/detail/past_totals.hpp>
#include <bulwark/protection/retry_options.hpp>
#include <bulwark/time/time.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace bulwark {

/// Bounds the extra attempts, retries and hedges, of all calls together: see
/// `retry_budget_options` for the inequality, which holds whenever a token is
/// taken. The idea is Finagle's (M. Oude Wansink 2016); deposits and takings
/// both live 10 s, so that a quiet night saves nothing up for the storm.
///
/// A token is taken before the backoff that it pays for: else all that fail at
/// the same time would wait, and then all come back (envoy #30205).
///
/// Safe to call from any thread.
class retry_budget {
public:
  static constexpr duration life = std::chrono::seconds{10};

  /// @pre `validate(options)` has no complaint
  explicit retry_budget(const retry_budget_options& options) noexcept
    : share_(options.share), per_second_(options.per_second) {}

  /// What is taken from now on is bound by that.
  /// @pre `validate(options)` has no complaint
  void change(const retry_budget_options& options) noexcept {
    share_.store(options.share, std::memory_order_relaxed);
    per_second_.store(options.per_second, std::memory_order_relaxed);
  }

  /// The first attempt of a call begins.
  void deposit(time_point now) noexcept;

  /// Takes a token for one extra attempt, or says no. None is ever put back.
  [[nodiscard]] bool take(time_point now) noexcept;

  retry_budget_options options() const noexcept {
    return {share_.load(std::memory_order_relaxed),
            per_second_.load(std::memory_order_relaxed)};
  }

private:
  // A step more than a life has: first attempts are counted within 9 to 10 s,
  // extra ones within 10 to 11 s, so that no exact 10 s break the inequality.
  static constexpr size_t steps = 11;
  using history = past_totals<2, steps>;

  struct alignas(64) counts {
    std::atomic<uint64_t> first{0};
  };

  history::totals present() const noexcept;
  void notice(time_point now) noexcept;

  std::atomic<double> share_;
  std::atomic<uint32_t> per_second_;
  std::array<counts, lanes> lanes_;
  std::atomic<uint64_t> extra_{0};
  history past_{std::chrono::seconds{1}};
};

} // namespace bulwark
