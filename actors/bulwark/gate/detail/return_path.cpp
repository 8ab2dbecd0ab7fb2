#include <bulwark/gate/detail/return_path.hpp>
#include <bulwark/gate/detail/running_service.hpp>

#include <utility>

namespace bulwark::detail {

return_path::return_path(caf::actor_config& cfg,
                         std::shared_ptr<gate_core> core)
  : mailless_actor(cfg), core_(std::move(core)) {}

const char* return_path::name() const {
  return "bulwark.return_path";
}

void return_path::accept(element_ptr what, run_context eu) noexcept {
  if (auto* running = this_service())
    running->beat();
  try {
    core_->replies().complete(std::move(what), eu);
  } catch (...) {
    // An exception that left this would end the process when the reply came
    // over the network. The client is answered at its deadline.
  }
}

} // namespace bulwark::detail
