#include <bulwark/cluster/detail/wire/loop_handler.hpp>

#include <utility>

namespace bulwark::detail {

loop_handler::loop_handler(multiplexer& loop, int fd,
                           caf::io::network::manager& owner,
                           std::function<void(operation)> on_event)
  : event_handler(loop, fd), owner_(owner), on_event_(std::move(on_event)) {}

void loop_handler::watch(operation what) {
  auto i = index(what);
  if (wanted_[i])
    return;
  wanted_[i] = true;
  if (!held_[i])
    held_[i].reset(&owner_);
  backend().add(what, fd(), this);
}

void loop_handler::unwatch(operation what) {
  auto i = index(what);
  if (!wanted_[i])
    return;
  wanted_[i] = false;
  backend().del(what, fd(), this);
  auto mask = what == operation::read ? caf::io::network::input_mask
                                      : caf::io::network::output_mask;
  // Of what the loop never had it does not say that it lets go. Not here: who
  // is in the middle of a call may need this.
  if ((eventbf() & mask) == 0)
    backend().post([kept = std::move(held_[i])] {});
}

void loop_handler::removed_from_loop(operation what) {
  auto i = index(what);
  // Asked for again in the same turn, it would still be there.
  owner_ptr last;
  if (!wanted_[i])
    last.swap(held_[i]);
}

} // namespace bulwark::detail
