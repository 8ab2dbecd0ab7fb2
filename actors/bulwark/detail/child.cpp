#include <bulwark/detail/child.hpp>

namespace bulwark::detail {

void enter(child& who, child_state state, const caf::error& reason) {
  who.state = state;
  if (!who.active())
    who.handle = nullptr;
  if (!who.spec.on_change)
    return;
  try {
    who.spec.on_change({state, who.incarnation(), who.handle, reason});
  } catch (...) {
    // It promised not to; the supervisor does not die of it.
  }
}

} // namespace bulwark::detail
