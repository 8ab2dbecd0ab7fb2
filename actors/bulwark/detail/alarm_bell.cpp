#include <bulwark/detail/alarm_bell.hpp>
#include <bulwark/detail/supervisor_protocol.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

class alarm_bell final : public caf::monitorable_actor {
public:
  alarm_bell(caf::actor_config& config, caf::weak_actor_ptr whom)
    : monitorable_actor(config), whom_(std::move(whom)) {}

  const char* name() const override { return "bulwark.alarm_bell"; }

  using caf::monitorable_actor::enqueue;

  /// Passes nothing on but what cannot come from another process.
  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    if (!what->content().match_elements<time_is_up>())
      return;
    if (auto to = caf::actor_cast<caf::strong_actor_ptr>(whom_))
      to->get()->enqueue(std::move(what), eu);
  }

private:
  caf::weak_actor_ptr whom_;
};

} // namespace

caf::strong_actor_ptr make_bell(caf::actor_system& system,
                                caf::weak_actor_ptr whom) {
  caf::actor_config plain;
  return caf::make_actor<alarm_bell, caf::strong_actor_ptr>(
    system.next_actor_id(), system.node(), &system, plain, std::move(whom));
}

void ring_bell(caf::actor_clock& clock, const caf::strong_actor_ptr& bell,
               time_point due) {
  clock.schedule_message(due, bell,
                         caf::make_mailbox_element(
                           nullptr, caf::make_message_id(), {}, time_is_up{}));
}

} // namespace bulwark::detail
