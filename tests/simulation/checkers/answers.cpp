#include "simulation/checkers/checkers.hpp"

#include <bulwark/duration_text.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace test::sim {

namespace {

using bulwark::errc;
using namespace std::chrono_literals;

// A gate looks at most this much later than a deadline.
constexpr bulwark::duration late_max = 2ms;

class answers : public checker {
public:
  using checker::checker;

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      if (what.request)
        open_[what.message] = {what.at, what.service, {}};
      return;
    case fact::handled:
      if (auto it = open_.find(what.message); it != open_.end())
        it->second.taken_by = {what.node, what.incarnation};
      latest_[{what.node, what.incarnation}] = what.message;
      return;
    case fact::answered:
      return on_answer(what);
    case fact::answered_again:
      return broken("a request was answered twice");
    case fact::quiet:
      for (auto& [name, it] : open_)
        broken(text(name) + " to " + service_of(it).name
               + " was never answered");
      return;
    default:
      return;
    }
  }

private:
  struct taker {
    size_t node = none;
    uint64_t incarnation = 0;
  };

  struct question {
    bulwark::time_point at{};
    size_t service = none;
    taker taken_by;
  };

  static std::string text(const message_name& name) {
    return "request " + std::to_string(name.client) + '.'
           + std::to_string(name.number);
  }

  const service& service_of(const question& it) const {
    return world().where().services[it.service];
  }

  void on_answer(const entry& what) {
    auto it = open_.find(what.message);
    if (it == open_.end())
      return broken(text(what.message) + " had its answer already");
    auto asked = it->second;
    open_.erase(it);
    if (what.failed)
      broken(text(what.message) + " got the answer to another one");
    auto took = what.at - asked.at;
    auto& limits = service_of(asked).gate;
    if (took > limits.timeout + late_max)
      broken(text(what.message) + " was answered after "
             + bulwark::to_text(took));
    if (!what.refused && asked.taken_by.node == none)
      broken(text(what.message) + " was answered without being handled");
    if (what.code == errc::timed_out && took < limits.timeout)
      broken(text(what.message) + " timed out after " + bulwark::to_text(took));
    if (what.code == errc::stash_expired && took < limits.stash_wait)
      broken(text(what.message) + " waited only " + bulwark::to_text(took));
    // What has a key waits for the one that has work of that key.
    if (what.code == errc::stash_expired && what.task.key == 0)
      must_be_down(what);
    if (what.code == errc::bulkhead_timeout)
      must_have_waited(what, took);
    if (what.code == errc::service_crashed) {
      must_have_died(what, asked.taken_by);
      must_be_to_blame(what, asked.taken_by);
    }
    if (what.code == errc::service_hung && what.task.kind != work_kind::hang)
      broken(text(what.message) + " is said to hang, and does not");
    if (what.code == errc::replica_lost)
      must_be_innocent(what, asked.taken_by);
  }

  /// Nothing waits while a replica is up.
  void must_be_down(const entry& what) {
    for (size_t i = 0; i < world().where().nodes.size(); ++i) {
      auto& it = world().of(i);
      if (!at(i).supervisor && at(i).service == what.service && it.live()
          && it.last()->ready && it.last()->ready_at < what.at
          && !it.last()->stopping)
        broken(text(what.message) + " waited in vain, though " + name(i)
               + " is up");
    }
  }

  /// If it waited for a replica first, that limit is for both.
  void must_have_waited(const entry& what, bulwark::duration took) const {
    auto& asked = world().where().services[what.service];
    if (asked.bulkhead == none)
      return broken(text(what.message) + " waited for a permit of nothing");
    auto& limits = world().where().bulkheads[asked.bulkhead];
    if (took < std::min(limits.queue_timeout, asked.gate.stash_wait))
      broken(text(what.message) + " waited for a permit only "
             + bulwark::to_text(took));
  }

  void must_have_died(const entry& what, const taker& by) {
    if (by.node == none)
      return broken(text(what.message)
                    + " was lost with a crash, though nobody had taken it up");
    auto* it = world().find(by.node, by.incarnation);
    if (it != nullptr && !it->over)
      broken(text(what.message) + " was answered service_crashed by "
             + name(by.node, by.incarnation) + ", which lives");
  }

  /// A replica that ends on a message handles no other one after it.
  void must_be_to_blame(const entry& what, const taker& by) {
    auto latest = latest_.find({by.node, by.incarnation});
    if (latest != latest_.end() && latest->second != what.message)
      broken(text(what.message) + " was answered service_crashed, but "
             + name(by.node, by.incarnation) + " ended on another one");
  }

  /// It may have waited for one that was given up on.
  void must_be_innocent(const entry& what, const taker& by) {
    if (by.node == none)
      return;
    auto* it = world().find(by.node, by.incarnation);
    auto lives = it != nullptr && it->live();
    if (lives && !world().traffic().of(what.message).late)
      broken(text(what.message) + " was answered replica_lost by "
             + name(by.node, by.incarnation) + ", which lives");
    if (what.task.kind == work_kind::poison
        && !world().traffic().of(what.message).late)
      broken(text(what.message) + " was answered replica_lost, but is poison");
  }

  std::map<message_name, question> open_;

  /// What an incarnation has handled last.
  std::map<std::pair<size_t, uint64_t>, message_name> latest_;
};

} // namespace

std::unique_ptr<checker> make_answers(const observed& world) {
  return std::make_unique<answers>(world);
}

} // namespace test::sim
