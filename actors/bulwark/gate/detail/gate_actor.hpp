#pragma once

#include <bulwark/caf/detail/system_job.hpp>
#include <bulwark/gate/detail/gate_command.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <set>
#include <string>

namespace bulwark::detail {

/// The mailbox of a gate. Clients' messages never see it: they are admitted
/// in `enqueue`, in the sender's thread. Only commands pass through, so that
/// slots are opened and timers set by one thread at a time.
///
/// Confined to one actor, except for `enqueue`.
class gate_actor final : public system_job {
public:
  gate_actor(caf::actor_config& cfg, std::shared_ptr<gate_core> core,
             std::set<std::string> types);

  const char* name() const override;

  std::set<std::string> message_types() const override;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) noexcept override;

  caf::behavior make_behavior() override;

  /// Also when the system ends before it came to a command to stop.
  bool cleanup(caf::error&& reason, caf::execution_unit* eu) override;

private:
  void obey(gate_poke);
  void obey(gate_tick tick);
  void obey(const gate_replica& replica);
  void obey(const gate_peer& peer);
  void obey(gate_peers_told);
  void obey(gate_stop);

  void set_timer();
  void answer_query(const caf::mailbox_element& what, caf::execution_unit* eu);

  std::shared_ptr<gate_core> core_;
  std::set<std::string> types_;
  caf::strong_actor_ptr return_path_;
  timer_stack timers_;
};

} // namespace bulwark::detail
