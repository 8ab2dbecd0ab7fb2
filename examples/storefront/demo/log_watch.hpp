#pragma once

#include <bulwark/time/time.hpp>

#include <map>
#include <mutex>
#include <string>

namespace storefront {

/// What the nodes' logs say about one service.
struct service_log {
  int failures = 0;
  int restarts = 0;
  bulwark::duration downtime{};

  friend bool operator==(const service_log&, const service_log&) = default;
};

/// Counts the failures and restarts that the nodes report in their logs.
///
/// Safe to call from any thread.
class log_watch {
public:
  /// Takes one line of a node's log.
  void take(const std::string& line);

  service_log of(const std::string& service) const;

private:
  mutable std::mutex mutex_;
  std::map<std::string, service_log> services_;
};

} // namespace storefront
