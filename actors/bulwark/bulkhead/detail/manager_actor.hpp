#pragma once

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/bulkhead/detail/manager_core.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/events/detail/system_actor.hpp>

#include <caf/actor_addr.hpp>

#include <cstdint>
#include <map>
#include <memory>

namespace bulwark::detail {

/// The actor behind `bulkhead_manager`: gives the core a mailbox, and a clock
/// to take samples by.
class manager_actor : public system_actor {
public:
  manager_actor(caf::actor_config& config, std::shared_ptr<manager_core> core,
                const bulkhead_manager_options& options);

  const char* name() const override { return "bulwark.bulkhead_manager"; }

protected:
  caf::behavior make_behavior() override;

private:
  caf::result<service_allocation> allocate(const allocate_resources& what);
  caf::result<caf::message> pass_on(caf::message_view& what);
  void on_down(const actor_ended& what);
  uint64_t follow(const caf::actor_addr& owner);

  std::shared_ptr<manager_core> core_;
  duration sample_every_;

  /// Whose end releases something, or would have; all of them live.
  std::map<caf::actor_addr, uint64_t> owners_;
  uint64_t last_owner_ = 0;
};

} // namespace bulwark::detail
