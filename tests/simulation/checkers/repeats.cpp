#include "simulation/checkers/checkers.hpp"

#include <map>
#include <utility>

namespace test::sim {

namespace {

using bulwark::errc;

class repeats : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    if (what.what == fact::handled)
      on_handled(what);
    if (what.what == fact::answered && !world().closing())
      on_answered(what);
  }

private:
  const bulwark::gate_options& gate_of(const parcel& it) const {
    return world().where().services[it.service].gate;
  }

  uint32_t throws_max(const parcel& it) const {
    return it.what.idempotent ? gate_of(it).poison_limit : 1;
  }

  /// Whether one that hangs was to blame is not seen.
  uint32_t losses_max(const parcel& it) const {
    auto more = it.what.kind == work_kind::hang ? gate_of(it).poison_limit : 0;
    return it.what.idempotent ? gate_of(it).bystander_limit + more : 0;
  }

  static std::string count_of(const parcel& it) {
    return "it threw " + std::to_string(it.raised)
           + " times and its replica was lost " + std::to_string(it.lost)
           + " times";
  }

  void on_handled(const entry& what) {
    auto& it = world().traffic().of(what.message);
    if (it.times > 1
        && (it.raised >= throws_max(it) || it.lost > losses_max(it)))
      broken(name(what.node, what.incarnation) + " handled " + text(it)
             + " once more, after " + count_of(it));
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

  void on_answered(const entry& what) const {
    auto& it = world().traffic().of(what.message);
    // Another service may have answered so.
    auto unclear = it.what.survives || it.behind;
    for (const auto* part : world().traffic().parts_of(it.name))
      unclear |= part->raised + part->lost > 0 || part->behind;
    if (!it.what.idempotent || unclear)
      return;
    auto early =
      (what.code == errc::service_crashed && it.raised < throws_max(it))
      || (what.code == errc::service_hung && it.lost < throws_max(it))
      || (what.code == errc::replica_lost
          && it.lost <= gate_of(it).bystander_limit);
    if (early)
      broken(text(it) + " was given up after " + count_of(it));
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
