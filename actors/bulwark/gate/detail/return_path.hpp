#pragma once

#include <bulwark/gate/detail/gate_core.hpp>

#include <caf/monitorable_actor.hpp>

namespace bulwark::detail {

/// Where replies come by on their way to the client. Has no mailbox: what it
/// does happens in the thread of whoever replies.
///
/// Safe to call from any thread.
class return_path final : public caf::monitorable_actor {
public:
  return_path(caf::actor_config& cfg, std::shared_ptr<gate_core> core);

  const char* name() const override;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) noexcept override;

private:
  std::shared_ptr<gate_core> core_;
};

} // namespace bulwark::detail
