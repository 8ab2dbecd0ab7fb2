#pragma once

#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/replica/foreign_child.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <memory>

namespace bulwark::detail {

/// A foreign actor has ended. Sent by a functor attached to it.
struct foreign_down {
  caf::error reason;
};

/// The slot that a foreign actor has at a gate; none where `core` is null.
struct foreign_slot {
  std::shared_ptr<gate_core> core;
  uint8_t index = 0;
};

/// Stands for one incarnation of a foreign actor: gets it, watches it, passes
/// on what its supervisor wants, and ends when it does.
class foreign_proxy : public system_actor {
public:
  /// `handle` is null where `renew` is to be asked.
  foreign_proxy(caf::actor_config& config, birth born,
                caf::strong_actor_ptr handle, foreign_renewal renew,
                foreign_slot slot);

  const char* name() const override { return "bulwark.foreign_proxy"; }

protected:
  caf::behavior make_behavior() override;

private:
  void ask_for_it();
  void adopt(caf::strong_actor_ptr handle);
  void is_up();
  void obey();
  void end(caf::error reason);

  birth born_;
  caf::strong_actor_ptr whom_;
  foreign_renewal renew_;
  foreign_slot slot_;
  bool answered_ = false;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::foreign_down)
