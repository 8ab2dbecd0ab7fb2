#include <bulwark/gate/detail/gate_state.hpp>

#include <caf/actor_cast.hpp>

#include <thread>
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

caf::error gate_state::error_nowhere() const {
  auto text = name_ + ": no node offers a service of that name";
  std::lock_guard guard{lock_};
  if (auto& nearest = expected_peers_.nowhere(); nearest && !nearest->empty())
    text += "; the nearest name is " + *nearest;
  return make_error(errc::no_such_service, std::move(text));
}

void gate_state::await_unheld(gate_slot& it) {
  // Whoever holds the door is inside one `enqueue`, or is the gate handing
  // over what waited, which stops when it sees `closed_for`.
  while (it.door.held())
    std::this_thread::yield();
}

void gate_state::close_locked(gate_slot& it) {
  if (!it.door.is_open())
    return;
  it.door.close();
  --(slots_.is_local(it) ? open_replicas_ : open_peers_);
}

void gate_state::close_drained(gate_slot& it) {
  it.drained.store(it.incarnation, std::memory_order_relaxed);
  it.view = expected_state::lost;
  expected_peers_.lost(clock_.now() + options_.stash_wait);
  close_locked(it);
}

std::optional<errc> gate_state::hopeless(bool local_only) const {
  if (refusing_.load() == static_cast<uint8_t>(errc::stopped))
    return errc::stopped;
  if (!local_only && expected_peers_.may_come(clock_.now()))
    return std::nullopt;
  bool failed = false;
  bool stopped = false;
  bool known = !expected_peers_.nowhere();
  auto end = local_only ? slots_.replicas() : slot_bank::all_max;
  for (size_t i = 0; i < end; ++i) {
    if (slots_[i].view == expected_state::coming)
      return std::nullopt;
    known |= slots_[i].view != expected_state::unused;
    failed |= slots_[i].view == expected_state::failed;
    stopped |= slots_[i].view == expected_state::stopped
               || slots_[i].view == expected_state::gone;
  }
  return failed    ? errc::service_failed
         : stopped ? errc::stopped
         : known   ? errc::unreachable
                   : errc::no_such_service;
}

void gate_state::let_go(gate_slot& it, uint64_t incarnation) {
  // Dropping the last handle of a replica runs its cleanup, which takes the
  // lock; so it happens out here.
  caf::strong_actor_ptr handle;
  std::lock_guard guard{lock_};
  if (it.incarnation == incarnation)
    handle.swap(it.handle);
}

uint32_t gate_state::pulse_of(pending_owner owner) const {
  std::shared_ptr<child_control> control;
  std::lock_guard guard{lock_};
  const auto& it = slots_[owner.slot];
  if (static_cast<uint16_t>(it.control_of) == owner.incarnation)
    control = it.control.lock();
  return control ? control->pulse.load(std::memory_order_relaxed) : 0;
}

errc gate_state::waited_for(pending_id id) const {
  std::lock_guard guard{lock_};
  if (permits_ && permits_->knows(id))
    return errc::bulkhead_timeout;
  bool hoped = open_replicas_ + open_peers_ > 0;
  for (size_t i = 0; i < slots_.replicas(); ++i)
    hoped |= in_use(slots_[i].view);
  // Only another node could have come.
  return hoped ? errc::stash_expired : errc::unreachable;
}

void gate_state::note_start(pending_id id) noexcept {
  try {
    notes_.of(id).started.store(
      permits_->bulkhead().now().time_since_epoch().count(),
      std::memory_order_relaxed);
  } catch (...) {
    // Out of memory.
  }
}

void gate_state::learn(pending_id id, bool dropped) noexcept {
  try {
    auto& bulkhead = permits_->bulkhead();
    auto started = notes_.of(id).started.load(std::memory_order_relaxed);
    if (started != 0)
      bulkhead.learn(bulkhead.now() - time_point{duration{started}}, dropped);
  } catch (...) {
    // Out of memory.
  }
}

} // namespace bulwark::detail
