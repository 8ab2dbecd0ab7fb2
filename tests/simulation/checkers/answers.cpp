#include "simulation/checkers/checkers.hpp"

#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace test::sim {

namespace {

using bulwark::errc;
using namespace std::chrono_literals;

// A gate looks at most this much later than a deadline.
constexpr bulwark::duration late_max = 2ms;

/// One that was handed on, or asks another service, may have the answer of that
/// one, which is right there.
class answers : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      if (what.request)
        open_[what.message];
      return;
    case fact::handled:
      if (auto it = open_.find(what.message); it != open_.end())
        it->second = {what.node, what.incarnation};
      return must_be_in_time(what);
    case fact::answered:
      return on_answer(what);
    case fact::answered_again:
      return broken("a request was answered twice");
    case fact::quiet:
    case fact::stopped:
      return must_be_answered(what.at);
    default:
      return;
    }
  }

private:
  struct taker {
    size_t node = none;
    uint64_t incarnation = 0;
  };

  static std::string text(const message_name& name) {
    return "request " + to_string(name);
  }

  const service& service_of(const parcel& it) const {
    return world().where().services[it.service];
  }

  /// What waits behind one that was stuck comes too late.
  void must_be_in_time(const entry& what) const {
    auto& it = world().traffic().of(what.message);
    auto* by = world().find(what.node, what.incarnation);
    if (it.request && what.at > it.deadline + late_max
        && by->stuck(what.at) == bulwark::duration::zero())
      broken(name(what.node, what.incarnation) + " handled "
             + text(what.message) + ' '
             + bulwark::to_text(what.at - it.deadline) + " after its deadline");
  }

  /// A replica that has ended asks no more.
  void must_be_answered(bulwark::time_point now) const {
    for (auto& [name, by] : open_) {
      auto& it = world().traffic().of(name);
      if (!it.part())
        broken(text(name) + " to " + service_of(it).name
               + " was not answered within "
               + bulwark::to_text(now - it.asked_at));
    }
  }

  void on_answer(const entry& what) {
    auto it = open_.find(what.message);
    if (it == open_.end())
      return broken(text(what.message) + " had its answer already");
    auto& asked = world().traffic().of(what.message);
    auto took = what.at - asked.asked_at;
    if (what.failed)
      broken(text(what.message) + " got the answer to another one");
    // A replica may look at what it asked for much later.
    if (!asked.part() && what.at > asked.deadline + late_max)
      broken(text(what.message) + " was answered after "
             + bulwark::to_text(took));
    auto why = complaint_about(what, asked, it->second);
    open_.erase(it);
    if (why && !right_for_a_part(what))
      broken(*why);
    if (asked.part())
      answered_parts_.insert(what.message);
  }

  bool right_for_a_part(const entry& what) const {
    auto parts = world().traffic().parts_of(what.message);
    return std::any_of(parts.begin(), parts.end(), [&](const auto* part) {
      auto taken = open_.find(part->name);
      return answered_parts_.count(part->name) > 0
             || (taken != open_.end()
                 && !complaint_about(what, *part, taken->second));
    });
  }

  using complaint = std::optional<std::string>;

  complaint complaint_about(const entry& what, const parcel& asked,
                            const taker& by) const {
    auto took = what.at - asked.asked_at;
    auto& limits = service_of(asked).gate;
    if (!what.refused && by.node == none)
      return text(asked.name) + " was answered without being handled";
    auto& whole = world().traffic().of(asked.name.whole());
    if (what.code == errc::timed_out
        && what.at < std::min(asked.deadline, whole.deadline))
      return text(asked.name) + " timed out after " + bulwark::to_text(took);
    if (what.code == errc::stash_expired && took < limits.stash_wait)
      return text(asked.name) + " waited only " + bulwark::to_text(took);
    // What has a key waits for the one that has work of that key.
    // A replica that was stuck sees only later what was answered in time.
    bool seen_late = asked.part() && took > limits.stash_wait + late_max;
    if (what.code == errc::stash_expired && asked.what.key == 0 && !seen_late)
      return must_be_down(what, asked);
    if (what.code == errc::bulkhead_timeout)
      return must_have_waited(asked, took);
    if (what.code == errc::service_crashed)
      return must_have_died(asked, by);
    if (what.code == errc::replica_lost)
      return must_be_innocent(asked, by);
    if (what.code == errc::service_hung && asked.what.kind != work_kind::hang)
      return text(asked.name) + " is said to hang, and does not";
    return std::nullopt;
  }

  /// Nothing waits while a replica is up.
  complaint must_be_down(const entry& what, const parcel& asked) const {
    for (size_t i = 0; i < world().where().nodes.size(); ++i) {
      auto& it = world().of(i);
      if (!at(i).supervisor && at(i).service == asked.service && it.live()
          && it.last()->ready && it.last()->ready_at < what.at
          && !it.last()->stopping)
        return text(asked.name) + " waited in vain, though " + name(i)
               + " is up";
    }
    return std::nullopt;
  }

  /// If it waited for a replica first, that limit is for both.
  complaint must_have_waited(const parcel& it, bulwark::duration took) const {
    auto& asked = service_of(it);
    if (asked.bulkhead == none)
      return text(it.name) + " waited for a permit of nothing";
    auto& limits = world().where().bulkheads[asked.bulkhead];
    if (took < std::min(limits.queue_timeout, asked.gate.stash_wait))
      return text(it.name) + " waited for a permit only "
             + bulwark::to_text(took);
    return std::nullopt;
  }

  complaint must_have_died(const parcel& asked, const taker& by) const {
    if (by.node == none)
      return text(asked.name)
             + " was lost with a crash, though nobody had taken it up";
    auto* it = world().find(by.node, by.incarnation);
    // It ends now, and its client gave up and is seen to hear of it before.
    auto ends = asked.raising || asked.what.survives;
    if (it != nullptr && !it->over && !ends)
      return text(asked.name) + " was answered service_crashed by "
             + name(by.node, by.incarnation) + ", which lives";
    return std::nullopt;
  }

  /// It may have waited for one that was given up on.
  complaint must_be_innocent(const parcel& asked, const taker& by) const {
    if (by.node == none || asked.late)
      return std::nullopt;
    if (asked.threw)
      return text(asked.name) + " was answered replica_lost, but it threw";
    auto* it = world().find(by.node, by.incarnation);
    if (it != nullptr && it->live())
      return text(asked.name) + " was answered replica_lost by "
             + name(by.node, by.incarnation) + ", which lives";
    return std::nullopt;
  }

  // Who took up what is not answered yet.
  std::map<message_name, taker> open_;

  // Their answers were right.
  std::set<message_name> answered_parts_;
};

} // namespace

std::unique_ptr<checker> make_answers(const observed& world) {
  return std::make_unique<answers>(world);
}

} // namespace test::sim
