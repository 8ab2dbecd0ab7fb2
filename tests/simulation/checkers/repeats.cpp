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
    if (it.raised >= limit(it) || (!it.what.idempotent && it.times > 1))
      broken(name(what.node, what.incarnation) + " handled " + text(it)
             + " once more, after it threw " + std::to_string(it.raised)
             + " times of " + std::to_string(limit(it)));
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
    // Another service may have answered so.
    for (const auto* part : world().traffic().parts_of(it.name))
      if (part->raised > 0)
        return;
    if (it.what.idempotent && !it.what.survives && it.raised < limit(it))
      broken(text(it) + " was given up after it threw "
             + std::to_string(it.raised) + " times of "
             + std::to_string(limit(it)));
  }

  static std::string text(const parcel& it) {
    return "message " + to_string(it.name);
  }

  std::map<message_name, std::pair<size_t, uint64_t>> takers_;
};

} // namespace

std::unique_ptr<checker> make_repeats(const observed& world) {
  return std::make_unique<repeats>(world);
}

} // namespace test::sim
