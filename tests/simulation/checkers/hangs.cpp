#include "simulation/checkers/checkers.hpp"

#include <bulwark/text/duration_text.hpp>

#include <set>
#include <utility>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

// Timers fire on time here, but for what is rounded.
constexpr bulwark::duration slack = 1ms;

class hangs : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::stuck:
      stuck_.insert({what.node, what.incarnation});
      return;
    case fact::unstuck:
    case fact::ended:
      stuck_.erase({what.node, what.incarnation});
      return;
    case fact::born:
      failing_.erase(what.node);
      return;
    case fact::event:
      if (what.event->kind == bulwark::event_kind::supervisor_failed
          && what.event->incarnation == 0)
        failing_.insert(what.node);
      if (what.node != none
          && what.event->failure == bulwark::failure_type::hung
          && what.event->kind == bulwark::event_kind::child_failed)
        must_have_been_stuck(what);
      return;
    default:
      return;
    }
  }

  /// The first look may come a quarter late, and so may the last one.
  void after_instant(bulwark::time_point now) override {
    for (auto& [node, incarnation] : stuck_) {
      auto* it = world().find(node, incarnation);
      auto limit = at(node).hung_after;
      auto watched = limit > bulwark::duration::zero() && it->up
                     && !it->stopping && !it->abandoned
                     && watches(at(node).parent) && !world().calm();
      if (watched && it->stuck(now) > limit + limit / 2 + slack)
        broken(name(node, incarnation) + " has been stuck for "
               + bulwark::to_text(it->stuck(now)) + ", and nobody minds");
    }
  }

private:
  /// One that ends because of its significant children does so in silence.
  bool watches(size_t supervisor) const {
    auto& it = world().of(supervisor);
    return it.live() && !it.last()->stopping && failing_.count(supervisor) == 0
           && at(supervisor).on_significant == bulwark::auto_shutdown::never;
  }

  void must_have_been_stuck(const entry& what) const {
    auto* it = world().find(what.node, what.event->incarnation);
    auto limit = at(what.node).hung_after;
    if (it == nullptr || it->stuck(what.at) < limit)
      broken(name(what.node, what.event->incarnation)
             + " is said to hang, but was stuck for "
             + bulwark::to_text(it == nullptr ? bulwark::duration::zero()
                                              : it->stuck(what.at)));
  }

  std::set<std::pair<size_t, uint64_t>> stuck_;

  // Supervisors that end by themselves.
  std::set<size_t> failing_;
};

} // namespace

std::unique_ptr<checker> make_hangs(const observed& world) {
  return std::make_unique<hangs>(world);
}

} // namespace test::sim
