#pragma once

#include <bulwark/protection/attempt.hpp>
#include <bulwark/protection/call_report.hpp>
#include <bulwark/protection/detail/breaker_group.hpp>
#include <bulwark/protection/detail/retry.hpp>
#include <bulwark/protection/detail/retry_budget.hpp>
#include <bulwark/protection/guard_hooks.hpp>
#include <bulwark/protection/guard_options.hpp>

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Carries out what breaker, retry and budget decide about guarded calls.
///
/// Safe to call from any thread.
class guard_core {
public:
  guard_core(std::string name, const guard_options& options, guard_hooks hooks);

  /// Calls `fn` once for each attempt.
  call_report run(std::string_view endpoint, time_point deadline,
                  const std::function<void(attempt&)>& fn);

  breaker_metrics metrics(std::string_view endpoint);
  void set(breaker_state to, std::string_view endpoint);

  const std::string& name() const noexcept { return name_; }
  guard_clock& clock() const noexcept { return *hooks_.clock; }

private:
  /// How an attempt ended.
  struct ended {
    call_end end;
    std::exception_ptr thrown;
    time_point at;
  };

  ended make(attempt& made, bool within_retry, time_point start,
             const std::function<void(attempt&)>& fn);
  call_outcome outcome_of(const attempt& made, const ended& how) const;
  retry_verdict decide(const attempt& made, const ended& how, const breaker& by,
                       bool within_retry, time_point deadline);
  [[noreturn]] void refuse(const breaker_verdict& said, breaker& by,
                           time_point now) const;

  void tell();

  std::string name_;
  guard_options options_;
  guard_hooks hooks_;
  breaker_group breakers_;
  retry_budget budget_;
  std::atomic<uint64_t> dice_{0};
};

} // namespace bulwark::detail
