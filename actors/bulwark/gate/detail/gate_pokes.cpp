#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/gate/detail/gate_command.hpp>
#include <bulwark/gate/detail/gate_pokes.hpp>

#include <caf/actor_cast.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

element_ptr make_poke() {
  return make_plain_element(gate_command{gate_poke{}});
}

} // namespace

gate_pokes::~gate_pokes() {
  element_ptr{spare_.load()};
}

void gate_pokes::aim_at(caf::weak_actor_ptr gate) {
  gate_ = std::move(gate);
  spare_.store(make_poke().release());
}

bool gate_pokes::poke() noexcept {
  auto gate = caf::actor_cast<caf::strong_actor_ptr>(gate_);
  if (!gate)
    return true;
  element_ptr what;
  try {
    what = make_poke();
  } catch (...) {
    what.reset(spare_.exchange(nullptr));
    if (!what)
      return !missing_.load();
  }
  // It is noexcept there.
  deliver(gate, std::move(what), nullptr);
  return true;
}

/// The exchange meets the one of whoever found nothing here and relies on what
/// the gate does now.
void gate_pokes::told() noexcept {
  if (spare_.load() != nullptr)
    return;
  try {
    element_ptr old{spare_.exchange(make_poke().release())};
    missing_.store(false);
  } catch (...) {
    missing_.store(true);
  }
}

void poke_gate(const caf::weak_actor_ptr& gate) {
  post(gate, nullptr, gate_command{gate_poke{}});
}

} // namespace bulwark::detail
