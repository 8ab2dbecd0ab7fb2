#include <bulwark/caf/run_context.hpp>

#include <caf/execution_unit.hpp>

namespace bulwark {

caf::actor_system& run_context::system() const {
  return unit_->system();
}

} // namespace bulwark
