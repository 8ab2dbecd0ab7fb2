#pragma once

#include <bulwark/caf/detail/intercepting_job.hpp>
#include <bulwark/gate/detail/gate_command.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <caf/actor.hpp>

#include <atomic>
#include <memory>
#include <set>
#include <string>

namespace bulwark::detail {

/// The mailbox of a gate. Clients' messages never see it: they are admitted
/// in `accept`, in the sender's thread. Only commands pass through, so that
/// slots are opened and timers set by one thread at a time.
///
/// Confined to one actor, except for `accept`.
class gate_actor final : public intercepting_job<gate_actor> {
public:
  /// `prober`: who asks its replicas whether they are well; or null.
  gate_actor(caf::actor_config& cfg, std::shared_ptr<gate_core> core,
             std::set<std::string> types, caf::actor prober = {});

  /// @pre it is a gate's handle
  static gate_actor& of(const caf::actor& handle);

  /// Lets `core` serve what comes from now on. The one before goes on with what
  /// it has, and ends with the gate: a thread may be in it.
  /// @pre called once, by the thread that will end the gate
  void renew(std::shared_ptr<gate_core> core, std::set<std::string> types,
             caf::actor prober);

  const char* name() const override;

  std::set<std::string> message_types() const override;

  void accept(element_ptr what, run_context eu) noexcept;

  caf::behavior make_behavior() override;

  /// Also when the system ends before it came to a command to stop.
  void at_end(run_context eu);

private:
  void obey(gate_poke);
  void obey(gate_tick tick);
  void obey(const gate_replica& replica);
  void obey(const gate_peer& peer);
  void obey(const gate_peer_standing& standing);
  void obey(gate_peers_told);
  void obey(gate_stop);

  void set_timer();
  void tell_prober(const gate_replica& replica);
  void answer_query(element& what, run_context eu);

  /// What serves, and where the answers to it pass.
  struct front {
    std::shared_ptr<gate_core> core;
    std::set<std::string> types;
    caf::strong_actor_ptr replies;

    /// Who asks its replicas whether they are well; or null.
    caf::actor prober;
  };

  front make_front(std::shared_ptr<gate_core> core, std::set<std::string> types,
                   caf::actor prober);

  const front& current() const noexcept {
    return *current_.load(std::memory_order_acquire);
  }

  gate_core& core() const noexcept { return *current().core; }

  const front first_;
  front renewed_;
  std::atomic<const front*> current_{&first_};
  timer_stack timers_;
};

} // namespace bulwark::detail
