#pragma once

#include "simulation/calls/call_plan.hpp"
#include "simulation/coverage.hpp"
#include "simulation/history.hpp"

#include <bulwark/errors/errc.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace test::sim {

/// Judges what clients and replicas of a scene see, see `call_checkers`.
///
/// Confined to one thread.
class call_judge {
public:
  call_judge(const call_plan& of, const std::string& only)
    : of_(of), only_(only) {}

  void asked(int call, bool idempotent, bulwark::time_point now);
  void begun(int call, bulwark::time_point now);

  /// Nothing: a value, `back`.
  void answered(int call, int back, std::optional<bulwark::errc> why,
                bulwark::time_point now);

  /// So many attempts are under way that a half-open breaker let through.
  void probing(size_t under_way);

  /// All is over; so much is left.
  struct rest {
    uint64_t permits = 0;
    size_t open_requests = 0;
    size_t in_flight = 0;
    size_t waiting = 0;
  };

  void ended(const rest& what);

  const std::optional<violation>& broken() const { return broken_; }
  const coverage& met() const { return met_; }
  const std::string& text() const { return text_; }

private:
  struct seen_call {
    bulwark::time_point deadline{};
    bool idempotent = false;
    size_t begun = 0;
    size_t answers = 0;
  };

  void note(const std::string& line, bulwark::time_point now);
  void check(bool holds, const std::string& checker, const std::string& how);
  size_t most_attempts(const seen_call& it) const;

  const call_plan& of_;
  const std::string only_;
  std::map<int, seen_call> calls_;
  size_t extra_ = 0;
  std::optional<violation> broken_;
  coverage met_;
  std::string text_;
  size_t lines_ = 0;
};

} // namespace test::sim
