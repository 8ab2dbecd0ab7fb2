#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/dead_letters/detail/dead_letter_actor.hpp>
#include <bulwark/dead_letters/detail/dead_letter_inbox.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace bulwark {

namespace detail {

uint64_t dead_letter_inbox::put(lost_message what) noexcept {
  if (waiting_.fetch_add(1, std::memory_order_relaxed)
      < dead_letter_box::waiting_max) {
    try {
      if (auto to = caf::actor_cast<caf::strong_actor_ptr>(keeper_)) {
        auto id = last_id_.fetch_add(1) + 1;
        post(to, nullptr, posted{id, std::move(what), now_()});
        return id;
      }
    } catch (...) {
      // Out of memory: counted below.
    }
  }
  taken();
  missed_.fetch_add(1);
  return 0;
}

} // namespace detail

dead_letter_box::dead_letter_box(
  std::shared_ptr<detail::dead_letter_inbox> inbox) noexcept
  : inbox_(std::move(inbox)) {}

uint64_t dead_letter_box::put(lost_message what) const noexcept {
  return inbox_ && !what.content.empty() ? inbox_->put(std::move(what)) : 0;
}

double dead_letter_box::used_percent() const noexcept {
  return inbox_ ? inbox_->used_percent() : 0;
}

dead_letter_actor keep_dead_letters(caf::actor_system& sys,
                                    dead_letter_options options) {
  auto inbox = std::make_shared<detail::dead_letter_inbox>(options.now);
  auto handle = sys.spawn<detail::dead_letter_actor, caf::hidden>(
    inbox, std::move(options));
  inbox->open(handle.address());
  return {handle, dead_letter_box{std::move(inbox)}};
}

} // namespace bulwark
