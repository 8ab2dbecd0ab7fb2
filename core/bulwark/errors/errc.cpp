#include <bulwark/errors/errc.hpp>

#include <array>
#include <string_view>

namespace bulwark {

namespace {

/// In the order of `errc`, whose codes start at 1.
constexpr std::array<std::string_view, 31> names{
  "service_crashed",   "timed_out",         "unreachable",
  "service_failed",    "service_hung",      "stopped",
  "draining",          "stash_full",        "stash_expired",
  "too_many_hops",     "too_many_requests", "not_supported",
  "no_such_service",   "invalid_option",    "not_found",
  "already_started",   "already_present",   "running",
  "bulkhead_full",     "bulkhead_timeout",  "bulkhead_isolated",
  "rate_limited",      "no_such_bulkhead",  "not_held",
  "memory_exhausted",  "task_failed",       "task_abandoned",
  "connection_failed", "replica_lost",      "message_type",
  "circuit_open",
};

static_assert(names.size() == static_cast<size_t>(errc::circuit_open));

} // namespace

std::string to_string(errc code) {
  auto index = static_cast<size_t>(code);
  if (index > 0 && index <= names.size())
    return std::string{names[index - 1]};
  return "errc(" + std::to_string(index) + ")";
}

} // namespace bulwark
