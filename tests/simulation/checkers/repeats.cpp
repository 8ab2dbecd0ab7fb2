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
    if (what.what == fact::answered
        && what.code == bulwark::errc::service_crashed && !world().closing())
      on_crashed(world().traffic().of(what.message));
  }

private:
  uint32_t limit(const parcel& it) const {
    return it.what.idempotent
             ? world().where().services[it.service].gate.poison_limit
             : 1;
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

  void on_crashed(const parcel& it) const {
    // Waiting for one that was given up on may have cost it a try.
    if (it.what.idempotent && !it.late && it.times < limit(it))
      broken(text(it) + " was given up after " + std::to_string(it.times)
             + " tries of " + std::to_string(limit(it)));
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
