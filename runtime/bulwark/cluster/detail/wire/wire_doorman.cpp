#include <bulwark/cluster/detail/wire/tcp.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/cluster/detail/wire/wire_doorman.hpp>

#include <caf/io/abstract_broker.hpp>

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace bulwark::detail {

namespace {

using operation = loop_handler::operation;

/// Others get their turn after this many.
constexpr int accepts_at_once = 16;

bool nothing_left(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS
         || error == ENOMEM;
}

} // namespace

wire_doorman::wire_doorman(std::shared_ptr<wire> hub, uint64_t id,
                           loop_handler::multiplexer& loop, descriptor socket)
  : doorman(caf::io::accept_handle::from_int(static_cast<int64_t>(id))),
    hub_(std::move(hub)),
    port_(port_of(socket.get())),
    handler_(loop, socket.release(), *this, [this](operation) { accept(); }) {}

void wire_doorman::accept() {
  for (int i = 0; i < accepts_at_once && !detached(); ++i) {
    descriptor fresh{
      ::accept4(handler_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (fresh) {
      take(std::move(fresh));
    } else if (nothing_left(errno)) {
      handler_.unwatch(operation::read);
      return hub_->rest(caf::io::doorman_ptr{this});
    } else if (errno != ECONNABORTED && errno != EINTR) {
      return;
    }
  }
}

void wire_doorman::take(descriptor socket) {
  auto scribe = hub_->adopt(std::move(socket), wire_side::accepted).scribe;
  if (!scribe)
    return;
  auto handle = scribe->hdl();
  parent()->add_scribe(std::move(scribe));
  doorman::new_connection(&handler_.backend(), handle);
}

void wire_doorman::graceful_shutdown() {
  detach(&handler_.backend(), false);
}

void wire_doorman::remove_from_loop() {
  handler_.unwatch(operation::read);
}

void wire_doorman::add_to_loop() {
  handler_.watch(operation::read);
}

} // namespace bulwark::detail
