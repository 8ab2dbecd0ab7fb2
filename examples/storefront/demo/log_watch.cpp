#include "demo/log_watch.hpp"

#include <bulwark/text/duration_text.hpp>

namespace storefront {

namespace {

/// Returns the value of `key=value` in a line of the log; "" if absent.
std::string value_of(const std::string& line, const std::string& key) {
  auto start = line.find(" " + key + "=");
  if (start == std::string::npos)
    return {};
  start += key.size() + 2;
  return line.substr(start, line.find(' ', start) - start);
}

/// Returns "orders" for the component "/root/orders/orders#1".
std::string service_of(const std::string& line) {
  auto path = value_of(line, "component");
  auto name = path.substr(path.rfind('/') + 1);
  auto number = name.find('#');
  return number == std::string::npos ? std::string{} : name.substr(0, number);
}

} // namespace

void log_watch::take(const std::string& line) {
  bool failed = line.find(" child_failed ") != std::string::npos;
  bool restarted = line.find(" child_restarted ") != std::string::npos;
  auto service = failed || restarted ? service_of(line) : std::string{};
  if (service.empty())
    return;
  std::lock_guard guard{mutex_};
  auto& entry = services_[service];
  entry.failures += failed ? 1 : 0;
  entry.restarts += restarted ? 1 : 0;
  if (restarted)
    entry.downtime += bulwark::parse_duration(value_of(line, "downtime"))
                        .value_or(bulwark::duration::zero());
}

service_log log_watch::of(const std::string& service) const {
  std::lock_guard guard{mutex_};
  auto found = services_.find(service);
  return found == services_.end() ? service_log{} : found->second;
}

} // namespace storefront
