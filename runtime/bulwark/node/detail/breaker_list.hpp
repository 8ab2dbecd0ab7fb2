#pragma once

#include <bulwark/protection/service_breaker.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace bulwark::detail {

/// The circuit breakers of a node's gates by the names of their services.
///
/// Safe to call from any thread.
class breaker_list {
public:
  /// Returns `what`, which is known from now on.
  std::shared_ptr<service_breaker> add(const std::string& service,
                                       std::shared_ptr<service_breaker> what) {
    std::lock_guard guard{lock_};
    return all_.emplace(service, std::move(what)).first->second;
  }

  /// Returns null where there is none.
  std::shared_ptr<service_breaker> find(const std::string& service) const {
    std::lock_guard guard{lock_};
    auto known = all_.find(service);
    return known == all_.end() ? nullptr : known->second;
  }

  std::map<std::string, std::shared_ptr<service_breaker>> all() const {
    std::lock_guard guard{lock_};
    return all_;
  }

private:
  mutable std::mutex lock_;
  std::map<std::string, std::shared_ptr<service_breaker>> all_;
};

} // namespace bulwark::detail
