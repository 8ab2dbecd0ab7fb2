#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/pool/detail/lease_core.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>

#include <utility>

namespace bulwark::detail {

lease_core::lease_core(caf::actor_addr pool, uint64_t id,
                       std::shared_ptr<void> object)
  : pool_(std::move(pool)),
    object_(std::move(object)),
    home_(std::make_shared<connection_returned>()),
    message_(make_plain_element(homecoming{home_})) {
  home_->id = id;
}

void lease_core::give_back(connection_verdict verdict) noexcept {
  if (!message_)
    return;
  home_->object = std::move(object_);
  home_->verdict = verdict;
  auto message = std::move(message_);
  home_.reset();
  if (auto pool = caf::actor_cast<caf::strong_actor_ptr>(pool_))
    deliver(pool, std::move(message), nullptr);
}

} // namespace bulwark::detail
