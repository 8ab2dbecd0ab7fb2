#include <bulwark/gate/detail/gate_core.hpp>

#include <utility>

namespace bulwark::detail {

gate_core::gate_core(caf::actor_system& sys, gate_settings settings)
  : parts_(sys, std::move(settings)) {}

void gate_core::set_handles(caf::weak_actor_ptr self,
                            caf::weak_actor_ptr stage) {
  parts_.self = self;
  parts_.stage = stage->get();
  parts_.out.set_handles(std::move(self), std::move(stage));
  parts_.pokes.aim_at(parts_.self);
  if (auto* permits = parts_.protects.permits())
    permits->set_poke([to = parts_.self] { poke_gate(to); });
}

void gate_core::note_refused(const char* what) noexcept {
  parts_.reports.refused(what, parts_.clock.now());
}

void gate_core::declare_replicas(size_t first, size_t count) {
  parts_.line.with_doors(
    [&](doors& all) { all.declare_replicas(first, count); });
}

void gate_core::expect(uint8_t index, expected_state view) {
  parts_.line.with_doors(
    [&](doors& all) { all.expected().expect(index, view); });
}

void gate_core::expect(expected_state of_all_replicas) {
  parts_.line.with_doors(
    [&](doors& all) { all.expected().expect_of_all(of_all_replicas); });
}

void gate_core::expect_peers() {
  parts_.line.with_doors([](doors& all) { all.expected().peers().ask(); });
}

void gate_core::peers_told(run_context eu) {
  parts_.line.with_doors([](doors& all) { all.expected().peers().told(); });
  serve_.answer_hopeless(eu);
}

void gate_core::peer_stands(const gate_peer_standing& standing) {
  parts_.line.with_doors([&](doors& all) {
    all.stand(standing.node, [&](gate_slot& it) {
      if (standing.suspect)
        it.suspect.store(*standing.suspect, std::memory_order_relaxed);
      if (!standing.offer)
        return;
      const auto& offer = *standing.offer;
      it.down.store(!takes_work(offer.state), std::memory_order_relaxed);
      it.told_load.store(offer.load / std::max(offer.replicas, 1u),
                         std::memory_order_relaxed);
    });
  });
}

void gate_core::offered_nowhere(std::string nearest) {
  parts_.line.with_doors([&](doors& all) {
    all.expected().peers().offered_nowhere(std::move(nearest));
  });
}

void gate_core::note_control(uint8_t index, uint64_t incarnation,
                             const std::shared_ptr<child_control>& control) {
  controls_.note(index, incarnation, control);
}

std::shared_ptr<child_control> gate_core::control_of(uint8_t index) const {
  return controls_.of(index);
}

std::vector<caf::strong_actor_ptr> gate_core::others(uint8_t but) {
  std::vector<caf::strong_actor_ptr> result;
  parts_.line.with_doors([&](doors&) {
    for (size_t i = 0; i < parts_.slots.replicas(); ++i) {
      auto& it = parts_.slots[i];
      if (i != but && it.handle && !it.closed_for(it.incarnation))
        result.push_back(it.handle);
    }
  });
  return result;
}

void gate_core::close_slot(uint8_t index, uint64_t incarnation) {
  parts_.line.with_doors(
    [&](doors& all) { all.close(parts_.slots[index], incarnation); });
  // What would rather have gone there may wait for it.
  if (parts_.retries.armed())
    parts_.pokes.poke();
}

bool gate_core::declared(uint8_t index, uint64_t incarnation,
                         std::optional<std::string> reason) {
  auto known = parts_.group.declared(index, incarnation, std::move(reason));
  parts_.tell();
  return known;
}

bool gate_core::note_load(uint8_t index, uint64_t incarnation, double share) {
  return parts_.group.load(index, incarnation, share);
}

void gate_core::probed(uint8_t index, uint64_t incarnation, bool good,
                       const std::string& why) {
  parts_.group.probed(index, incarnation, good, why);
  parts_.tell();
}

void gate_core::drain() noexcept {
  uint8_t expected = 0;
  parts_.refusing.compare_exchange_strong(expected,
                                          static_cast<uint8_t>(errc::draining));
}

void gate_core::stop(run_context eu) {
  parts_.refusing.store(static_cast<uint8_t>(errc::stopped));
  serve_.answer_waiting(parts_.line.end(), errc::stopped, eu);
  for (auto& it : parts_.slots) {
    serving::await_unheld(it);
    parts_.line.with_doors(
      [&](doors& all) { return all.take_handle(it, it.incarnation); });
  }
  parts_.requests.for_each([&](pending_id id, const pending_word&, int64_t) {
    ends_.fail(id, std::nullopt, errc::stopped, eu);
  });
  substitutes_.end(eu);
  parts_.out.close();
}

gate_status gate_core::status() const {
  gate_status result;
  result.service = parts_.name;
  for (auto& it : parts_.slots)
    result.in_flight += it.door.load();
  auto now = parts_.line.stand();
  result.replicas = now.replicas;
  result.replicas_up = now.replicas_up;
  result.peers_up = now.peers_up;
  result.waiting = now.waiting;
  result.group = parts_.group.health();
  result.members = parts_.group.members();
  if (parts_.stopped())
    result.state = service_state::stopped;
  else if (now.replicas_up + now.peers_up > 0)
    result.state = service_state::up;
  else if (!now.hopeless || now.peers_open > 0)
    result.state = service_state::restarting;
  else if (*now.hopeless == errc::service_failed)
    result.state = service_state::failed;
  else if (*now.hopeless == errc::stopped)
    result.state = service_state::stopped;
  return result;
}

request_figures gate_core::figures() const {
  return parts_.tally ? parts_.tally->read() : request_figures{};
}

gate_protection gate_core::protection() const {
  gate_protection result;
  result.protections = parts_.protects.own();
  if (parts_.retries.armed())
    result.retry = parts_.retries.options();
  result.hedge = parts_.hedges.options();
  result.retry_budget = parts_.retries.budget();
  result.fallback = parts_.instead.options();
  const auto& others = parts_.instead.substitutes();
  result.makes_substitutes = others.make;
  result.asks_for_substitutes = static_cast<bool>(others.ask);
  result.has_value = others.value.has_value();
  return result;
}

std::optional<std::string>
gate_core::protect(const retry_options& retry,
                   const retry_budget_options& budget) {
  auto complaint = validate(retry);
  if (!complaint)
    complaint = validate(budget);
  if (!complaint && !parts_.retries.armed())
    complaint = "retry is not set; it must be set before the service starts";
  if (complaint)
    return "service " + parts_.name + ": " + *complaint;
  parts_.retries.change(retry, budget);
  parts_.requests.limit_attempts(retry.attempt_timeout);
  return std::nullopt;
}

size_t gate_core::open_requests() {
  size_t result = 0;
  parts_.requests.for_each(
    [&](pending_id, const pending_word&, int64_t) { ++result; });
  return result;
}

} // namespace bulwark::detail
