#pragma once

#include <bulwark/chaos/detail/fault_port.hpp>
#include <bulwark/gate/protection.hpp>

#include <memory>
#include <utility>

namespace bulwark::detail {

/// Has a gate refuse calls while a fault `refuse` is lent to its service. Only
/// gates of nodes that may practise failure have one.
///
/// Safe to call from any thread.
class fault_door final : public protection {
public:
  explicit fault_door(std::shared_ptr<fault_port> at) : at_(std::move(at)) {}

  permission may_go(const call_attempt&) override {
    if (at_->armed() && at_->refuses())
      return permission::no(errc::draining, "refused by an experiment");
    return permission::yes();
  }

  void went(uint64_t) noexcept override {}
  void ended(uint64_t, const attempt_end&) noexcept override {}

private:
  std::shared_ptr<fault_port> at_;
};

} // namespace bulwark::detail
