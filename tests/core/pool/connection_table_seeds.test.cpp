// Goal: whatever happens in whatever order, a pool never has more connections
// than it may, never hands one to two, forgets none, and answers everybody.
// Method: a server, clients and threads played at random from a seed; what the
// table orders is done by a model that knows who has what.

#include "support/dice.hpp"

#include <bulwark/pool/detail/connection_table.hpp>

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using act = connection_action;

class pool_world {
public:
  explicit pool_world(uint64_t seed)
    : dice_(seed),
      options_(options_for(dice_)),
      table_(options_, dice_.roll(1, 2)) {}

  void play(size_t acts) {
    for (size_t i = 0; i < acts; ++i) {
      one_act();
      check();
    }
  }

  /// Everything ends well: what is held is given back, what runs returns.
  void finish() {
    perform(table_.stop(now_));
    for (auto [id, want] : std::map{held_})
      give_back(id, connection_verdict::good);
    for (int round = 0; round < 100 && !quiet(); ++round) {
      now_ += 1s;
      while (!jobs_.empty())
        finish_job(*jobs_.begin(), false);
      for (auto id : std::set{lost_})
        thread_returns(id);
      for (auto id : std::set{strays_})
        give_back(id, connection_verdict::good);
      perform(table_.tick(now_, chance()));
      check();
    }
    CHECK(table_.empty());
    CHECK(waiting_.empty());
    CHECK(open_.empty());
    CHECK(table_.counts().abandoned == 0);
    CHECK(table_.next_due() == std::nullopt);
  }

  size_t given() const { return given_; }
  size_t taken_back() const { return table_.counts().taken_back; }
  size_t abandoned() const { return abandoned_; }

private:
  enum class job : uint8_t { open, validate, close };

  static connection_options options_for(test::dice& dice) {
    connection_options result;
    result.max = 1 + dice.below(5);
    result.min = dice.below(result.max + 1);
    result.opening_max = 1 + dice.below(3);
    result.abandoned_max = dice.below(3);
    result.leak_after = 3s * dice.below(3);
    result.take_back_after = 4s * dice.below(3);
    result.idle_max = 5s;
    result.age_max = 20s;
    return result;
  }

  double chance() { return static_cast<double>(dice_.below(1000)) / 1000.0; }

  bool quiet() const {
    return table_.empty() && jobs_.empty() && lost_.empty() && open_.empty();
  }

  void one_act() {
    switch (dice_.below(8)) {
    case 0:
      waiting_.insert(++wants_);
      perform(table_.want(wants_, now_ + 500ms * dice_.below(12), now_));
      break;
    case 1:
    case 2:
      if (!jobs_.empty())
        finish_job(any(jobs_), dice_.roll(1, 3));
      break;
    case 3:
      if (!held_.empty())
        give_back(any(held_).first,
                  static_cast<connection_verdict>(dice_.below(3)));
      break;
    case 4:
      if (!held_.empty() && dice_.roll(1, 4))
        perform(table_.take_back(any(held_).first, now_));
      else if (!strays_.empty())
        give_back(any(strays_), connection_verdict::good);
      break;
    case 5:
      if (!lost_.empty())
        thread_returns(any(lost_));
      else if (!waiting_.empty() && dice_.roll(1, 5))
        withdraw(any(waiting_));
      break;
    default:
      pass_time();
    }
  }

  void pass_time() {
    auto until = now_ + 10ms * dice_.below(200);
    // A table that is due again at once, for ever, would turn its actor mad.
    for (int ticks = 0; ticks < 200; ++ticks) {
      auto due = table_.next_due();
      if (!due || *due > until) {
        now_ = until;
        return;
      }
      now_ = std::max(now_, *due);
      perform(table_.tick(now_, chance()));
    }
    FAIL("due again and again");
  }

  void withdraw(uint64_t want) {
    CHECK(table_.withdraw(want));
    waiting_.erase(want);
  }

  void finish_job(std::pair<const uint64_t, job> what, bool fails) {
    auto [id, kind] = what;
    jobs_.erase(id);
    switch (kind) {
    case job::open:
      if (!fails)
        open_.insert(id);
      perform(fails ? table_.open_failed(id, now_, chance())
                    : table_.opened(id, now_, chance()));
      break;
    case job::validate:
      perform(table_.validated(id, !fails, now_));
      break;
    case job::close:
      open_.erase(id);
      perform(table_.closed(id, now_));
    }
  }

  void thread_returns(uint64_t id) {
    CHECK(table_.is_abandoned(id));
    lost_.erase(id);
    open_.erase(id);
    perform(table_.came_back(id, now_));
  }

  void give_back(uint64_t id, connection_verdict verdict) {
    // A stray is closed by who let it go; if it is doomed, by the table.
    auto mine = held_.erase(id) > 0 || doomed_.contains(id);
    strays_.erase(id);
    if (!mine)
      open_.erase(id);
    perform(table_.give_back(id, verdict, now_));
  }

  void perform(const connection_steps& steps) {
    for (auto& step : steps)
      perform(step);
  }

  void perform(const connection_step& step) {
    auto id = step.connection;
    switch (step.action) {
    case act::open:
      REQUIRE(known_.insert(id).second);
      jobs_.emplace(id, job::open);
      break;
    case act::validate:
      start(id, job::validate);
      break;
    case act::close:
      doomed_.erase(id);
      start(id, job::close);
      break;
    case act::interrupt:
      strays_.insert(id);
      doomed_.erase(id);
      REQUIRE(jobs_.emplace(id, job::close).second);
      break;
    case act::give:
      REQUIRE(open_.contains(id));
      REQUIRE_FALSE(jobs_.contains(id));
      REQUIRE(held_.emplace(id, step.want).second);
      REQUIRE(waiting_.erase(step.want) == 1);
      ++given_;
      break;
    case act::refuse_late:
    case act::refuse_failed:
    case act::refuse_stopped:
      REQUIRE(waiting_.erase(step.want) == 1);
      break;
    case act::abandon:
      jobs_.erase(id);
      REQUIRE(lost_.insert(id).second);
      ++abandoned_;
      break;
    case act::report_taken_back:
      REQUIRE(held_.erase(id) == 1);
      doomed_.insert(id);
      break;
    case act::report_leak:
      REQUIRE(held_.at(id) == step.want);
      break;
    case act::report_lost:
    case act::report_restored:
      REQUIRE(away_ == (step.action == act::report_restored));
      away_ = !away_;
    }
    strays_.insert(doomed_.begin(), doomed_.end());
  }

  void start(uint64_t id, job what) {
    REQUIRE(open_.contains(id));
    REQUIRE_FALSE(held_.contains(id));
    REQUIRE(jobs_.emplace(id, what).second);
  }

  void check() {
    auto counts = table_.counts();
    auto all = counts.idle + counts.leased + counts.opening + counts.validating
               + counts.closing;
    REQUIRE(all <= options_.max);
    REQUIRE(counts.leased == held_.size());
    REQUIRE(counts.waiting == waiting_.size());
    REQUIRE(counts.abandoned == lost_.size());
    REQUIRE(counts.abandoned <= options_.abandoned_max);
    // Threads: one for each connection, and those that are lost.
    REQUIRE(jobs_.size() <= options_.max);
  }

  template <class Set>
  typename Set::value_type any(const Set& all) {
    return *std::next(all.begin(),
                      static_cast<std::ptrdiff_t>(dice_.below(all.size())));
  }

  test::dice dice_;
  connection_options options_;
  connection_table table_;
  time_point now_{1h};
  uint64_t wants_ = 0;
  std::set<uint64_t> waiting_;
  std::map<uint64_t, uint64_t> held_;
  std::map<uint64_t, job> jobs_;
  std::set<uint64_t> known_;
  std::set<uint64_t> open_;
  // Threads that were given up; connections taken from who still has them.
  std::set<uint64_t> lost_;
  std::set<uint64_t> strays_;
  std::set<uint64_t> doomed_;
  bool away_ = false;
  size_t given_ = 0;
  size_t abandoned_ = 0;
};

} // namespace

TEST_CASE("a pool keeps its promises whatever happens", "[connection_table]") {
  size_t given = 0;
  size_t taken_back = 0;
  size_t abandoned = 0;
  for (uint64_t seed = 1; seed <= 500; ++seed) {
    INFO("seed=" << seed);
    pool_world world{seed};
    world.play(400);
    world.finish();
    given += world.given();
    taken_back += world.taken_back();
    abandoned += world.abandoned();
  }
  // What the seeds are meant to meet, they meet.
  CHECK(given > 5000);
  CHECK(taken_back > 500);
  CHECK(abandoned > 500);
}
