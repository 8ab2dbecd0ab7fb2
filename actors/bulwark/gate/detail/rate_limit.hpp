#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/gate/detail/passage.hpp>
#include <bulwark/gate/protection.hpp>

#include <memory>
#include <string>
#include <utility>

namespace bulwark::detail {

/// The rate of a service's bulkhead, as one of the protections of its gate. A
/// turn that is granted for later is waited for in the gate's waiting line.
///
/// Safe to call from any thread.
class rate_limit {
public:
  explicit rate_limit(std::shared_ptr<bulkhead_core> bulkhead)
    : bulkhead_(std::move(bulkhead)) {}

  /// Takes a turn for a message. Nobody waits for a turn that comes after the
  /// deadline, and what other nodes send waits for none: their gates know where
  /// else to go.
  permission may_go(const std::string& tenant, const entrance& by);

  /// It never went: its turn comes back.
  void give_back(const std::string& tenant) noexcept {
    bulkhead_->give_turn_back(tenant);
  }

private:
  const std::shared_ptr<bulkhead_core> bulkhead_;
};

} // namespace bulwark::detail
