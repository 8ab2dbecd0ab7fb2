#include <bulwark/replica/detail/foreign_proxy.hpp>
#include <bulwark/replica/foreign_child.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>

#include <memory>
#include <utility>

namespace bulwark {

namespace {

child_spec make_spec(std::string id, caf::strong_actor_ptr handle,
                     foreign_renewal renew, detail::foreign_slot slot) {
  child_spec result;
  result.id = std::move(id);
  result.hung_after = duration::zero();
  // Held until it is adopted, and no longer.
  auto first = std::make_shared<caf::strong_actor_ptr>(std::move(handle));
  result.start = [first, renew = std::move(renew),
                  slot = std::move(slot)](run_context eu, const birth& born) {
    auto started = eu.system().spawn<detail::foreign_proxy, caf::hidden>(
      born, std::exchange(*first, nullptr), renew, slot);
    return caf::actor_cast<caf::strong_actor_ptr>(started);
  };
  return result;
}

} // namespace

child_spec foreign_child(std::string id, caf::strong_actor_ptr handle,
                         foreign_renewal renew) {
  return make_spec(std::move(id), std::move(handle), std::move(renew), {});
}

child_spec foreign_child(std::string id, caf::strong_actor_ptr handle,
                         foreign_renewal renew, const gate& at, uint8_t index) {
  auto result = make_spec(std::move(id), std::move(handle), std::move(renew),
                          {at.core(), index});
  result.on_change = [at, index](const child_change& change) {
    at.replica_changed(index, change);
  };
  return result;
}

} // namespace bulwark
