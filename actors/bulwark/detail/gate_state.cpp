#include <bulwark/detail/gate_state.hpp>

#include <caf/actor_cast.hpp>

#include <utility>

namespace bulwark::detail {

gate_state::gate_state(caf::actor_system& sys, gate_settings settings)
  : sys_(sys),
    clock_(sys),
    name_(std::move(settings.service)),
    options_(settings.options),
    idempotent_(std::move(settings.idempotent)),
    reports_(name_, std::move(settings.events), std::move(settings.letters)),
    permits_(settings.bulkhead
               ? std::make_unique<gate_permits>(settings.bulkhead.core(), name_)
               : nullptr),
    rate_(permits_ && permits_->bulkhead().rated()
            ? std::make_unique<gate_rate>(settings.bulkhead.core())
            : nullptr),
    slots_(!settings.one_each  ? slot_bank::load_rule::any
           : settings.bulkhead ? slot_bank::load_rule::idle_only
                               : slot_bank::load_rule::idle_first),
    stash_(options_.stash_messages, options_.stash_bytes) {}

caf::strong_actor_ptr gate_state::self() const {
  return caf::actor_cast<caf::strong_actor_ptr>(self_);
}

caf::actor_addr gate_state::address() const {
  return caf::actor_cast<caf::actor_addr>(self_);
}

} // namespace bulwark::detail
