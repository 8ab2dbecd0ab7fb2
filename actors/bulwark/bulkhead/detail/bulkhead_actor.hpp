#pragma once

#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/bulkhead/detail/permit_holdings.hpp>
#include <bulwark/bulkhead/detail/unread_grants.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <caf/response_promise.hpp>
#include <caf/result.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// The mailbox of a bulkhead: for actors that acquire permits by themselves,
/// and for those who change its limits. Services' requests pass its core.
///
/// Confined to one actor.
class bulkhead_actor final : public system_actor {
public:
  bulkhead_actor(caf::actor_config& config, std::shared_ptr<bulkhead_core> core,
                 emitter events);

  const char* name() const override { return "bulwark.bulkhead"; }

  caf::behavior make_behavior() override;

private:
  struct holder {
    caf::actor_addr who;
    size_t waiting = 0;
  };

  struct waiter {
    caf::response_promise promise;
    uint64_t holder = 0;
    uint32_t consumer = 0;
    duration lease{};
    std::string tenant;
  };

  caf::result<caf::message> acquire(const acquire_permits& what);
  caf::result<caf::unit_t> release(const release_permits& what);
  caf::result<caf::unit_t> renew(const renew_permits& what);
  caf::result<caf::unit_t> resize(const resize_bulkhead& what);
  caf::result<caf::unit_t> isolate(isolation level, bool draining,
                                   const std::string& reason);

  uint64_t holder_of(const caf::strong_actor_ptr& who);
  void forget_if_idle(uint64_t holder);
  caf::message hold(const permit_ticket& ticket, uint64_t holder,
                    duration lease);
  std::optional<permit_holdings::holding>
  come_back(const unread_grants::entry& what);
  void fetch();
  void on_down(const actor_ended& what);
  void on_tick();
  void set_timer();
  void give_turn_back(const std::string& tenant);
  void give(const permit_holdings::holding& what);
  void stop();

  caf::error refusal(errc why) const;
  caf::error bad(const std::string& complaint) const;

  std::shared_ptr<bulkhead_core> core_;
  uint64_t source_ = 0;
  uint64_t ids_ = 0;
  permit_holdings holdings_;
  unread_grants unread_;
  std::map<uint64_t, waiter> waiters_;

  /// By the number that they have in `holdings_`.
  std::map<uint64_t, holder> holders_;
  std::map<caf::actor_addr, uint64_t> numbers_;
  timer_stack timers_;
};

} // namespace bulwark::detail
