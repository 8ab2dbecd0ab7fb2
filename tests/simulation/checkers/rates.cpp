#include "simulation/checkers/checkers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace test::sim {

namespace {

using bulwark::errc;

/// Judged by when messages came and when they were handled: in between each
/// was let in once.
class rates : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      if (auto* it = line_of(world().traffic().of(what.message)))
        it->push_back(&world().traffic().of(what.message));
      return;
    case fact::handled:
      return on_handled(what);
    case fact::answered:
      return on_answer(what);
    default:
      return;
    }
  }

  void after_instant(bulwark::time_point now) override {
    for (const auto* each : refused_)
      must_be_too_soon(*each, now);
    refused_.clear();
  }

private:
  using line = std::vector<const parcel*>;

  const bulwark::bulkhead_options* limits_of(const parcel& it) const {
    auto index = world().traffic().bulkhead_of(it);
    if (index == none || !world().where().bulkheads[index].rate)
      return nullptr;
    return &world().where().bulkheads[index];
  }

  /// Those that share a rate.
  line* line_of(const parcel& it) {
    auto* limits = limits_of(it);
    if (limits == nullptr)
      return nullptr;
    auto tenant = limits->rate_per_tenant ? it.what.tenant : uint8_t{0};
    return &lines_[{world().traffic().bulkhead_of(it), tenant}];
  }

  /// How many may be begun within a stretch of time.
  static double most(const bulwark::rate_options& rate, bulwark::duration in) {
    auto share = static_cast<double>(in.count())
                 / static_cast<double>(rate.period.count());
    return static_cast<double>(rate.burst)
           + static_cast<double>(rate.rate) * share;
  }

  void on_handled(const entry& what) {
    auto& it = world().traffic().of(what.message);
    auto* all = line_of(it);
    if (all == nullptr || it.times > 1)
      return;
    auto& rate = *limits_of(it)->rate;
    double begun = 0;
    for (auto at = all->rbegin(); at != all->rend(); ++at) {
      begun += (*at)->times > 0 ? 1 : 0;
      // Times are rounded.
      if (begun > most(rate, what.at - (*at)->asked_at) + 0.01)
        return broken(name(what.node, what.incarnation) + " handled message "
                      + to_string(what.message) + " as one of "
                      + std::to_string(static_cast<size_t>(begun))
                      + " that came since message " + to_string((*at)->name)
                      + ", more than the rate allows");
    }
  }

  void on_answer(const entry& what) {
    auto& it = world().traffic().of(what.message);
    if (what.code == errc::rate_limited && limits_of(it) == nullptr
        && !any_part_limited(it))
      broken("request " + to_string(it.name) + " came too soon for no rate");
    if (limits_of(it) == nullptr || it.asked_at != what.at)
      return;
    auto refused = what.code == errc::rate_limited && !any_part_limited(it);
    if (refused)
      refused_.push_back(&it);
    if (refused || what.code == errc::bulkhead_full
        || what.code == errc::bulkhead_isolated)
      free_.insert(it.name);
  }

  bool any_part_limited(const parcel& it) const {
    for (const auto* part : world().traffic().parts_of(it.name))
      if (limits_of(*part) != nullptr)
        return true;
    return false;
  }

  /// As if all others had been let in that may have been.
  void must_be_too_soon(const parcel& it, bulwark::time_point now) {
    auto& limits = *limits_of(it);
    double begun = 1;
    auto& all = *line_of(it);
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
      if ((*at)->asked >= it.asked || free_.count((*at)->name) > 0)
        continue;
      begun += 1;
      // Nobody waits for what comes after its deadline.
      auto wait =
        std::min<bulwark::duration>(limits.rate_wait, it.deadline - now);
      auto stretch = now - (*at)->asked_at + wait;
      if (begun > most(*limits.rate, stretch) - 0.01)
        return;
    }
    broken("request " + to_string(it.name)
           + " is said to come too soon, but the rate has room for it");
  }

  std::map<std::pair<size_t, uint8_t>, line> lines_;

  // Refused within this instant for their rate; and all that used nothing of
  // it, because they were refused when they came.
  std::vector<const parcel*> refused_;
  std::set<message_name> free_;
};

} // namespace

std::unique_ptr<checker> make_rates(const observed& world) {
  return std::make_unique<rates>(world);
}

} // namespace test::sim
