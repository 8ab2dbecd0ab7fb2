#include <bulwark/caf/detail/weak_timer.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

class weak_timer final : public caf::monitorable_actor {
public:
  weak_timer(caf::actor_config& config, caf::weak_actor_ptr whom)
    : monitorable_actor(config), whom_(std::move(whom)) {}

  const char* name() const override { return "bulwark.weak_timer"; }

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

caf::strong_actor_ptr make_weak_timer(caf::actor_system& system,
                                      caf::weak_actor_ptr whom) {
  caf::actor_config plain;
  return caf::make_actor<weak_timer, caf::strong_actor_ptr>(
    system.next_actor_id(), system.node(), &system, plain, std::move(whom));
}

void set_weak_timer(caf::actor_clock& clock, const caf::strong_actor_ptr& bell,
                    time_point due) {
  clock.schedule_message(due, bell,
                         caf::make_mailbox_element(
                           nullptr, caf::make_message_id(), {}, time_is_up{}));
}

} // namespace bulwark::detail
