#include <bulwark/warning/warning.hpp>

namespace bulwark {

namespace {

std::optional<double> share_of(uint64_t part, uint64_t rest) {
  if (part + rest == 0)
    return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(part + rest);
}

} // namespace

std::optional<double> warning_score::precision() const noexcept {
  return share_of(hits, false_alarms);
}

std::optional<double> warning_score::recall() const noexcept {
  return share_of(hits, missed);
}

std::string to_string(warning_kind kind) {
  switch (kind) {
  case warning_kind::exhaustion:
    return "exhaustion";
  case warning_kind::restart_limit:
    return "restart_limit";
  case warning_kind::failures_closer:
    return "failures_closer";
  case warning_kind::latency_shift:
    return "latency_shift";
  }
  return "warning_kind(" + std::to_string(static_cast<int>(kind)) + ")";
}

std::string to_string(warning_verdict verdict) {
  switch (verdict) {
  case warning_verdict::hit:
    return "hit";
  case warning_verdict::false_alarm:
    return "false_alarm";
  }
  return "warning_verdict(" + std::to_string(static_cast<int>(verdict)) + ")";
}

} // namespace bulwark
