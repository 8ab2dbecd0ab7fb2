#pragma once

#include <bulwark/protection/breaker_metrics.hpp>
#include <bulwark/protection/breaker_options.hpp>
#include <bulwark/protection/call_end.hpp>

#include <cstdint>
#include <vector>

namespace test {

/// A circuit breaker as one would write it down: it remembers every call, and
/// looks at all of them. Without jitter, growth and ramp.
class plain_breaker {
public:
  explicit plain_breaker(const bulwark::breaker_options& options)
    : options_(options) {}

  struct admission {
    bool admitted = false;
    uint32_t period = 0;
  };

  admission admit(bulwark::time_point now);
  void record(uint32_t period, const bulwark::call_end& end,
              bulwark::time_point now);

  bulwark::breaker_metrics metrics(bulwark::time_point now) const;

  uint32_t period() const { return period_; }
  uint32_t probes_out() const { return out_; }

private:
  struct call {
    bulwark::call_end end;
    bulwark::time_point at;
    uint32_t admitted_in;
    bool counts;
  };

  void go(bulwark::breaker_state to, bulwark::time_point now);
  void open_if_due(bulwark::time_point now);
  void decide(const bulwark::call_end& end, bulwark::time_point now);
  void decide_half_open(const bulwark::call_end& end, bulwark::time_point now);
  std::vector<call> window(bulwark::time_point now) const;

  bulwark::breaker_options options_;
  bulwark::breaker_state state_ = bulwark::breaker_state::closed;
  uint32_t period_ = 1;
  bulwark::time_point until_{};
  uint32_t failures_ = 0;
  uint32_t out_ = 0;
  uint32_t succeeded_ = 0;
  uint32_t slow_probes_ = 0;
  uint64_t refused_ = 0;
  std::vector<call> calls_;
};

} // namespace test
