#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/stop.hpp>

#include <caf/send.hpp>

namespace bulwark {

void stop(const caf::actor& which) {
  caf::anon_send(which, detail::stop_actor{});
}

} // namespace bulwark
