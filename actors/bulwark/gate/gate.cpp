#include <bulwark/gate/detail/gate_actor.hpp>
#include <bulwark/gate/detail/prober.hpp>
#include <bulwark/gate/gate.hpp>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include <optional>
#include <utility>

namespace bulwark {

namespace {

template <class Command>
void command(const caf::actor& to, Command what) {
  caf::anon_send(to, detail::gate_command{std::move(what)});
}

/// Returns what clients may expect of a closed slot from now on, if that
/// changes.
std::optional<expected_state> expected_state_after(const child_change& change) {
  if (change.next == child_next::forgotten)
    return expected_state::gone;
  if (change.next == child_next::more_follows)
    return std::nullopt;
  switch (change.state) {
  case child_state::starting:
  case child_state::up:
  case child_state::waiting:
    return expected_state::coming;
  case child_state::failed:
    return expected_state::failed;
  case child_state::stopped:
  case child_state::abandoned:
    return expected_state::stopped;
  case child_state::stopping:
    break;
  }
  return std::nullopt;
}

struct probe_settings {
  std::string service;
  emitter events;
  std::optional<probe_options> options;
};

probe_settings probe_of(const gate_settings& settings) {
  return {settings.service, settings.events, settings.group.usage.probe};
}

/// Returns null where replicas are not to be asked whether they are well.
caf::actor make_prober(caf::actor_system& sys, probe_settings settings,
                       const std::shared_ptr<detail::gate_core>& core) {
  if (!settings.options)
    return {};
  return sys.spawn<detail::prober, caf::hidden>(
    settings.service, std::move(settings.events), *settings.options, core);
}

} // namespace

gate::gate(caf::actor_system& sys, gate_settings settings) {
  auto types = std::move(settings.types);
  auto probe = probe_of(settings);
  core_ = std::make_shared<detail::gate_core>(sys, std::move(settings));
  handle_ = sys.spawn<detail::gate_actor, caf::hidden>(
    core_, std::move(types), make_prober(sys, std::move(probe), core_));
}

gate gate::with(caf::actor_system& sys, gate_settings settings) const {
  gate result;
  auto types = std::move(settings.types);
  auto probe = probe_of(settings);
  result.core_ = std::make_shared<detail::gate_core>(sys, std::move(settings));
  result.handle_ = handle_;
  detail::gate_actor::of(handle_).renew(
    result.core_, std::move(types),
    make_prober(sys, std::move(probe), result.core_));
  return result;
}

void gate::declare_replicas(size_t n) const {
  core_->declare_replicas(0, n);
}

void gate::declare_replica(uint8_t index) const {
  core_->declare_replicas(index, 1);
}

void gate::replica_changed(uint8_t index, const child_change& change) const {
  if (auto view = expected_state_after(change))
    core_->expect(index, *view);
  auto control =
    change.state == child_state::abandoned ? core_->control_of(index) : nullptr;
  command(handle_, detail::gate_replica{index, change, std::move(control)});
}

void gate::all_replicas_changed(child_state state) const {
  core_->expect(state == child_state::failed    ? expected_state::failed
                : state == child_state::stopped ? expected_state::lost
                                                : expected_state::coming);
  command(handle_, detail::gate_poke{});
}

void gate::peer_up(const std::string& node, caf::strong_actor_ptr other) const {
  if (other)
    core_->expect_peers();
  command(handle_, detail::gate_peer{node, std::move(other)});
}

void gate::peer_down(const std::string& node) const {
  command(handle_, detail::gate_peer{node, nullptr});
}

void gate::peer_drains(const std::string& node) const {
  core_->deaths().drain_peer(node);
}

void gate::peer_suspect(const std::string& node, bool suspect) const {
  command(handle_, detail::gate_peer_standing{node, suspect, std::nullopt});
}

void gate::peer_stands(const std::string& node, const peer_offer& offer) const {
  command(handle_, detail::gate_peer_standing{node, std::nullopt, offer});
}

void gate::offered_nowhere(std::string nearest) const {
  core_->offered_nowhere(std::move(nearest));
}

void gate::expect_peers() const {
  core_->expect_peers();
}

void gate::peers_told() const {
  command(handle_, detail::gate_peers_told{});
}

void gate::drain() const {
  core_->drain();
}

void gate::stop() const {
  command(handle_, detail::gate_stop{});
}

gate_protection gate::protection() const {
  return core_->protection();
}

std::optional<std::string>
gate::protect(const retry_options& retry,
              const retry_budget_options& budget) const {
  return core_->protect(retry, budget);
}

gate_status gate::status() const {
  return core_->status();
}

request_figures gate::figures() const {
  return core_->figures();
}

std::string to_string(service_state state) {
  switch (state) {
  case service_state::up:
    return "up";
  case service_state::restarting:
    return "restarting";
  case service_state::failed:
    return "failed";
  case service_state::unreachable:
    return "unreachable";
  case service_state::stopped:
    return "stopped";
  }
  return "unknown";
}

} // namespace bulwark
