#include "simulation/checkers/checkers.hpp"

#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <map>
#include <vector>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

// For what is rounded.
constexpr bulwark::duration late_max = 2ms;

class loans : public checker {
public:
  explicit loans(const observed& world)
    : checker(world), lent_(world.where().bulkheads.size()) {}

  void on(const entry& what) override {
    switch (what.what) {
    case fact::begged:
      open_[what.cause] = what.at;
      return;
    case fact::gave_up:
      open_.erase(what.cause);
      return;
    case fact::lent:
      lent_[what.cause->bulkhead] += what.cause->wanted.amount;
      if (what.failed)
        broken(text(*what.cause) + " got another amount");
      return on_answer(what);
    case fact::unlent:
      return on_answer(what);
    case fact::repaid:
      if (what.refused)
        return broken(text(*what.cause) + " could not give back what it got");
      lent_[what.cause->bulkhead] -= what.cause->wanted.amount;
      return;
    case fact::permits:
      return check(what.permits);
    case fact::quiet:
      for (auto& [which, since] : open_)
        broken(text(*which) + " was never answered");
      return;
    default:
      return;
    }
  }

private:
  std::string text(const act& what) const {
    return '"' + to_text(world().where(), what) + '"';
  }

  void on_answer(const entry& what) {
    auto& limits = world().where().bulkheads[what.cause->bulkhead];
    auto longest = limits.queue_timeout;
    if (auto wait = what.cause->wanted.wait; wait > 0ms)
      longest = std::min<bulwark::duration>(longest, wait);
    auto took = what.at - open_.at(what.cause);
    open_.erase(what.cause);
    if (took > longest + late_max)
      broken(text(*what.cause) + " was answered after "
             + bulwark::to_text(took));
  }

  void check(const use_of_permits& now) const {
    if (lent_[now.bulkhead] > now.use)
      broken("bulkhead " + std::to_string(now.bulkhead) + " has lent "
             + std::to_string(lent_[now.bulkhead]) + ", but only "
             + std::to_string(now.use) + " is in use");
  }

  // Since when.
  std::map<const act*, bulwark::time_point> open_;
  std::vector<uint64_t> lent_;
};

} // namespace

std::unique_ptr<checker> make_loans(const observed& world) {
  return std::make_unique<loans>(world);
}

} // namespace test::sim
