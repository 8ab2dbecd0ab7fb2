#pragma once

#include <bulwark/caf/detail/mailless_actor.hpp>
#include <bulwark/gate/detail/gate_core.hpp>

namespace bulwark::detail {

/// Where replies come by on their way to the client.
///
/// Safe to call from any thread.
class return_path final : public mailless_actor<return_path> {
public:
  return_path(caf::actor_config& cfg, std::shared_ptr<gate_core> core);

  const char* name() const override;

  void accept(element_ptr what, run_context eu) noexcept;

private:
  std::shared_ptr<gate_core> core_;
};

} // namespace bulwark::detail
