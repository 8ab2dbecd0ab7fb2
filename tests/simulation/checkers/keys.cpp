#include "simulation/checkers/checkers.hpp"

#include <map>
#include <utility>
#include <vector>

namespace test::sim {

namespace {

class keys_in_order : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    if (what.what != fact::handled || what.task.key == 0)
      return;
    auto& it = world().traffic().of(what.message);
    auto& line = lines_[{what.service, what.task.key}];
    // A gate does not follow it any longer, and lets others of its key go.
    if (!it.late && what.at < it.given_up)
      check(it, line, what);
    line[it.asked] = world().traffic().entries();
  }

private:
  /// By when they were asked: when they were handled last.
  using in_order = std::map<uint64_t, uint64_t>;

  void check(const parcel& it, const in_order& line, const entry& what) const {
    // One that is tried again, from when it came back.
    auto from = it.times > 1 ? it.since : 0;
    for (auto at = line.upper_bound(it.asked); at != line.end(); ++at)
      if (at->second > from)
        broken(name(it.node, it.incarnation) + " handled " + text(it)
               + " after one that came later");
    for (auto& [message, other] : world().traffic().open())
      if (other != &it && other->service == it.service
          && other->what.key == it.what.key && other->node != it.node
          && !other->late && other->runs(what.at))
        broken(name(it.node, it.incarnation) + " handled " + text(it)
               + " while " + name(other->node, other->incarnation)
               + " has work of its key");
  }

  static std::string text(const parcel& it) {
    return "message " + std::to_string(it.name.client) + '.'
           + std::to_string(it.name.number) + " of key "
           + std::to_string(it.what.key);
  }

  // By service and key.
  std::map<std::pair<size_t, uint8_t>, in_order> lines_;
};

} // namespace

std::unique_ptr<checker> make_keys(const observed& world) {
  return std::make_unique<keys_in_order>(world);
}

} // namespace test::sim
