#include "simulation/checkers/checkers.hpp"

#include <map>
#include <utility>

namespace test::sim {

namespace {

class repeats : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    if (what.what == fact::handled)
      on_handled(what);
    if (what.what != fact::answered || world().closing())
      return;
    auto& it = world().traffic().of(what.message);
    if (what.code == bulwark::errc::service_crashed)
      on_given_up(it, it.what.idempotent ? gate_of(it).poison_limit : 1);
    if (what.code == bulwark::errc::replica_lost)
      on_given_up(it, it.what.idempotent ? gate_of(it).bystander_limit + 1 : 1);
  }

private:
  const bulwark::gate_options& gate_of(const parcel& it) const {
    return world().where().services[it.service].gate;
  }

  /// Poison ends its replica each time, and what hangs may; anything else only
  /// stands by.
  uint32_t limit(const parcel& it) const {
    if (!it.what.idempotent)
      return 1;
    auto& gate = gate_of(it);
    switch (it.what.kind) {
    case work_kind::poison:
      return gate.poison_limit;
    case work_kind::hang:
      return gate.poison_limit + gate.bystander_limit;
    default:
      return 1 + gate.bystander_limit;
    }
  }

  void on_handled(const entry& what) {
    auto& it = world().traffic().of(what.message);
    if (it.times > limit(it))
      broken(name(what.node, what.incarnation) + " handled " + text(it)
             + " as the time " + std::to_string(it.times) + " of "
             + std::to_string(limit(it)));
    auto [at, fresh] = takers_.try_emplace(what.message);
    auto [node, incarnation] =
      std::exchange(at->second, {what.node, what.incarnation});
    if (fresh)
      return;
    auto* before = world().find(node, incarnation);
    if (before != nullptr && before->live())
      broken(name(what.node, what.incarnation) + " handled " + text(it)
             + " again, but " + name(node, incarnation) + " lives");
  }

  void on_given_up(const parcel& it, uint32_t tries) const {
    // Waiting for one that was given up on may have cost it a try.
    if (it.what.idempotent && !it.late && it.times < tries)
      broken(text(it) + " was given up after " + std::to_string(it.times)
             + " tries of " + std::to_string(tries));
  }

  static std::string text(const parcel& it) {
    return "message " + std::to_string(it.name.client) + '.'
           + std::to_string(it.name.number);
  }

  std::map<message_name, std::pair<size_t, uint64_t>> takers_;
};

} // namespace

std::unique_ptr<checker> make_repeats(const observed& world) {
  return std::make_unique<repeats>(world);
}

} // namespace test::sim
