#pragma once

#include <bulwark/gate/protection.hpp>
#include <bulwark/protection/service_breaker.hpp>

#include <cstddef>
#include <functional>
#include <set>
#include <utility>

namespace test::sim {

/// Counts what a circuit breaker lets through while it is half-open: stands
/// behind it among the protections of a gate.
///
/// Confined to one thread.
class probe_watch final : public bulwark::protection {
public:
  using tell_count = std::function<void(size_t)>;

  probe_watch(bulwark::service_breaker& of, tell_count tell)
    : of_(of), tell_(std::move(tell)) {}

  bulwark::permission may_go(const bulwark::call_attempt& what) override {
    look();
    if (of_.state() == bulwark::breaker_state::half_open) {
      probes_.insert(what.id);
      tell_(probes_.size());
    }
    return bulwark::permission::yes();
  }

  void went(uint64_t) noexcept override {}

  void ended(uint64_t attempt, const bulwark::attempt_end&) noexcept override {
    probes_.erase(attempt);
  }

  bool tell() noexcept override {
    look();
    return false;
  }

  bulwark::time_point tick(bulwark::time_point) noexcept override {
    look();
    return bulwark::time_point::max();
  }

private:
  /// Those of an earlier period do not count.
  void look() noexcept {
    if (of_.state() != bulwark::breaker_state::half_open)
      probes_.clear();
  }

  bulwark::service_breaker& of_;
  tell_count tell_;
  std::set<uint64_t> probes_;
};

} // namespace test::sim
