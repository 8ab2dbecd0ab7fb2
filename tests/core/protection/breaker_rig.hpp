#pragma once

#include <bulwark/protection/detail/breaker.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace test {

/// A breaker with a clock of its own that notes each change.
class breaker_rig {
public:
  explicit breaker_rig(const bulwark::breaker_options& options,
                       uint64_t seed = 0)
    : its(options, seed) {}

  std::optional<bulwark::breaker_ticket> begin() {
    auto verdict = its.admit(now);
    retry_after = verdict.retry_after;
    note(verdict.change);
    return verdict.admitted ? std::optional{verdict.ticket} : std::nullopt;
  }

  void end(const std::optional<bulwark::breaker_ticket>& ticket,
           const bulwark::call_end& how) {
    REQUIRE(ticket);
    note(its.record(*ticket, how, now));
  }

  void end(const std::optional<bulwark::breaker_ticket>& ticket,
           bulwark::call_outcome how) {
    end(ticket, bulwark::call_end{how, std::chrono::milliseconds{10}});
  }

  /// Returns whether the call was let through.
  bool call(bulwark::call_outcome how) {
    auto ticket = begin();
    if (ticket)
      end(ticket, how);
    return ticket.has_value();
  }

  bool succeed() { return call(bulwark::call_outcome::success); }
  bool fail() { return call(bulwark::call_outcome::failure); }

  void fail(int times) {
    for (int i = 0; i < times; ++i)
      fail();
  }

  void note(const std::optional<bulwark::breaker_change>& change) {
    if (change)
      changes.push_back(*change);
  }

  bulwark::breaker_state state() const { return its.state(); }
  bulwark::breaker_metrics metrics() const { return its.metrics(now); }

  bulwark::breaker its;
  bulwark::time_point now{std::chrono::hours{1}};
  bulwark::duration retry_after{0};
  std::vector<bulwark::breaker_change> changes;
};

} // namespace test
