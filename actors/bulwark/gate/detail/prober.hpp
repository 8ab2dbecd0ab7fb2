#pragma once

#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/redundancy/probe_options.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <cstdint>
#include <map>
#include <memory>

namespace bulwark::detail {

/// To a prober: a replica is up, or (null) not any more.
struct probe_target {
  uint8_t index = 0;
  uint64_t incarnation = 0;
  caf::strong_actor_ptr handle;
};

/// Asks the replicas of a gate whether they are well, each `every`, before what
/// waits in their mailboxes, and tells the gate how they take it. One question
/// per replica is under way at a time.
///
/// Ends by `stop_actor`. Confined to one actor.
class prober final : public system_actor {
public:
  prober(caf::actor_config& config, const std::string& service, emitter events,
         const probe_options& options, std::shared_ptr<gate_core> of);

  const char* name() const override { return "bulwark.prober"; }

protected:
  caf::behavior make_behavior() override;

private:
  void note(const probe_target& what);
  void ask_all();
  void tell(uint8_t index, uint64_t incarnation, const caf::error& why);

  struct target {
    uint64_t incarnation = 0;
    caf::actor handle;
  };

  const probe_options options_;
  std::shared_ptr<gate_core> core_;
  std::map<uint8_t, target> targets_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::probe_target)
