#include <bulwark/events/detail/event_inbox.hpp>
#include <bulwark/events/emitter.hpp>

#include <utility>

namespace bulwark {

emitter::emitter(std::shared_ptr<detail::event_inbox> inbox) noexcept
  : inbox_(std::move(inbox)) {}

void emitter::emit(event&& what) const noexcept {
  if (inbox_)
    inbox_->put(std::move(what));
}

wall_time emitter::time() const {
  return inbox_ ? inbox_->time() : wall_time{};
}

} // namespace bulwark
