#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/mailless_actor.hpp>
#include <bulwark/caf/detail/weak_timer.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

class weak_timer final : public mailless_actor<weak_timer> {
public:
  weak_timer(caf::actor_config& config, caf::weak_actor_ptr whom)
    : mailless_actor(config), whom_(std::move(whom)) {}

  const char* name() const override { return "bulwark.weak_timer"; }

  /// Passes nothing on but what cannot come from another process.
  void accept(element_ptr what, run_context on) {
    if (!content_of(*what).match_elements<time_is_up>())
      return;
    if (auto to = caf::actor_cast<caf::strong_actor_ptr>(whom_))
      deliver(to, std::move(what), on);
  }

private:
  caf::weak_actor_ptr whom_;
};

} // namespace

caf::strong_actor_ptr make_weak_timer(caf::actor_system& system,
                                      caf::weak_actor_ptr whom) {
  return make_mailless<weak_timer>(system, std::move(whom));
}

void set_weak_timer(caf::actor_clock& clock, const caf::strong_actor_ptr& bell,
                    time_point due) {
  post_at(clock, due, bell, time_is_up{});
}

} // namespace bulwark::detail
