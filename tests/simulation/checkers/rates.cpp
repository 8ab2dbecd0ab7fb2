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
        it->messages.push_back(&world().traffic().of(what.message));
      return;
    case fact::begged:
      // Belongs to no tenant.
      if (world().where().bulkheads[what.cause->bulkhead].rate)
        lines_[{what.cause->bulkhead, 0}].loans.push_back(what.at);
      return;
    case fact::steered:
      steered_ = true;
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
    steered_ = false;
  }

private:
  /// What came for one rate: messages, and who asked for permits.
  struct line {
    std::vector<const parcel*> messages;
    std::vector<bulwark::time_point> loans;
  };

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

  /// What came before and was not begun by then may have given its turn back
  /// since, of which others made use.
  size_t may_be_given_back(const line& all, size_t before) const {
    auto from = all.messages[before]->asked_at;
    size_t result = 0;
    for (auto i = before; i-- > 0;) {
      auto& it = *all.messages[i];
      auto open = !it.answered || it.answered_at >= from;
      result += it.times == 0 && it.given_up >= from && open ? 1 : 0;
    }
    return result;
  }

  void on_handled(const entry& what) {
    auto& it = world().traffic().of(what.message);
    auto* all = line_of(it);
    if (all == nullptr || it.times > 1)
      return;
    auto& rate = *limits_of(it)->rate;
    size_t begun = 0;
    for (auto i = all->messages.size(); i-- > 0;) {
      auto& first = *all->messages[i];
      begun += first.times > 0 ? 1 : 0;
      // Times are rounded.
      auto limit = most(rate, what.at - first.asked_at) + 0.01;
      if (static_cast<double>(begun) > limit
          && static_cast<double>(begun)
               > limit + static_cast<double>(may_be_given_back(*all, i)))
        return broken(name(what.node, what.incarnation) + " handled message "
                      + to_string(what.message) + " as one of "
                      + std::to_string(begun) + " that came since message "
                      + to_string(first.name) + ", more than the rate allows");
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
    auto at_once = it.times == 0 && refused_at_once(it, what.code);
    if (refused || at_once)
      free_.insert(it.name);
  }

  /// Who waits may have to give way to others within the instant.
  bool refused_at_once(const parcel& it, errc code) const {
    return (code == errc::bulkhead_full && limits_of(it)->queue == 0)
           || (code == errc::bulkhead_isolated && !steered_);
  }

  bool any_part_limited(const parcel& it) const {
    for (const auto* part : world().traffic().parts_of(it.name))
      if (limits_of(*part) != nullptr)
        return true;
    return false;
  }

  /// When all that may have been let in came, the latest first.
  std::vector<bulwark::time_point> came_before(const parcel& it) {
    auto& all = *line_of(it);
    auto result = all.loans;
    for (const auto* each : all.messages)
      if (each->asked < it.asked && free_.count(each->name) == 0)
        result.push_back(each->asked_at);
    std::sort(result.rbegin(), result.rend());
    return result;
  }

  /// As if all others had been let in that may have been.
  void must_be_too_soon(const parcel& it, bulwark::time_point now) {
    auto& limits = *limits_of(it);
    // Nobody waits for what comes after its deadline.
    auto wait =
      std::min<bulwark::duration>(limits.rate_wait, it.deadline - now);
    double begun = 1;
    for (auto at : came_before(it)) {
      begun += 1;
      if (begun > most(*limits.rate, now - at + wait) - 0.01)
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

  // An operator gave an order within this instant.
  bool steered_ = false;
};

} // namespace

std::unique_ptr<checker> make_rates(const observed& world) {
  return std::make_unique<rates>(world);
}

} // namespace test::sim
