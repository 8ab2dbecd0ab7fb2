#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/replica/ready.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <stdexcept>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

/// Says that it is up when it is sent `true`.
caf::behavior late_worker() {
  return {[](bool x) { return x && report_ready(); }};
}

/// A pool of workers that are up when they are let, and those who ask for them.
struct pool_rig {
  supervision_fixture fixture;
  std::vector<caf::actor> starting;
  size_t most_starting = 0;
  size_t begun = 0;
  std::vector<int> arguments;
  caf::actor pool;

  child_spec worker() {
    child_spec result;
    result.id = "worker";
    replica_manner manner;
    manner.reports_ready = true;
    auto start = start_alone(make_replica_factory(late_worker), manner);
    result.start = [this, start](caf::execution_unit* eu, const birth& born) {
      ++begun;
      if (born.arguments.match_elements<int>())
        arguments.push_back(born.arguments.get_as<int>(0));
      auto handle = start(eu, born);
      starting.push_back(caf::actor_cast<caf::actor>(handle));
      most_starting = std::max(most_starting, starting.size());
      return handle;
    };
    return result;
  }

  supervisor_settings settings(child_spec like) {
    auto result = fixture.settings({std::move(like)});
    result.strategy = restart_strategy::simple_one_for_one;
    result.limits.intensity = 10;
    return result;
  }

  void spawn() { pool = fixture.spawn(settings(worker())); }

  void let_up(size_t count) {
    for (size_t i = 0; i < count; ++i)
      caf::anon_send(starting[i], true);
    starting.erase(starting.begin(),
                   starting.begin() + static_cast<std::ptrdiff_t>(count));
    fixture.rig.run();
  }
};

/// What came back, if anything did.
struct reply {
  std::optional<std::vector<child_info>> list;
  std::string error;

  bool pending() const { return !list && error.empty(); }
};

std::shared_ptr<reply> ask(supervision_fixture& fixture, const caf::actor& pool,
                           start_instances what) {
  auto result = std::make_shared<reply>();
  fixture.rig.system().spawn([=](caf::event_based_actor* self) {
    self->request(pool, caf::infinite, what)
      .then([=](child_list& x) { result->list = std::move(x.children); },
            [=](caf::error& x) {
              result->error =
                to_string(code_of(x, errc::stopped)) + ": " + describe(x);
            });
  });
  fixture.rig.run();
  return result;
}

size_t in_state(const std::vector<child_info>& all, child_state state) {
  return static_cast<size_t>(
    std::count_if(all.begin(), all.end(),
                  [=](const auto& each) { return each.state == state; }));
}

} // namespace

TEST_CASE("instances that are asked for together come up together, in turn",
          "[supervisor]") {
  pool_rig rig;
  rig.spawn();
  auto got = ask(rig.fixture, rig.pool, {1000, caf::make_message(7)});
  for (size_t up = 0; up < 1000; up += 100) {
    CHECK(got->pending());
    CHECK(rig.begun == std::min<size_t>(1000, up + 256));
    rig.let_up(100);
  }
  CHECK(rig.most_starting == 256);
  REQUIRE(got->list);
  CHECK(got->list->size() == 1000);
  CHECK(in_state(*got->list, child_state::up) == 1000);
  std::set<std::string> names;
  for (const auto& each : *got->list)
    names.insert(each.id);
  CHECK(names.size() == 1000);
  CHECK(names.count("worker#1000") == 1);
  CHECK(rig.arguments == std::vector<int>(1000, 7));
  CHECK(rig.fixture.counts(rig.pool).active == 1000);
}

TEST_CASE("a supervisor that starts instances answers others meanwhile",
          "[supervisor]") {
  pool_rig rig;
  rig.spawn();
  auto got = ask(rig.fixture, rig.pool, {300, {}});
  CHECK(rig.fixture.counts(rig.pool).active == 256);
  auto second = ask(rig.fixture, rig.pool, {1, {}});
  CHECK(second->error.find("running: /root/s is starting") == 0);
  // Somebody who is stopped makes room like one who is up.
  caf::anon_send(rig.pool, terminate_child{"worker#3"});
  rig.fixture.rig.run();
  CHECK(rig.begun == 257);
  rig.let_up(256);
  rig.let_up(44);
  REQUIRE(got->list);
  CHECK(got->list->size() == 299);
  auto third = ask(rig.fixture, rig.pool, {1, {}});
  CHECK(third->pending());
  rig.let_up(1);
  REQUIRE(third->list);
  CHECK(third->list->front().id == "worker#301");
}

TEST_CASE("what cannot be started together is refused and changes nothing",
          "[supervisor]") {
  pool_rig rig;
  rig.spawn();
  auto refusal = [&](const caf::actor& whom, size_t count) {
    return ask(rig.fixture, whom, {count, {}})->error;
  };
  CHECK(refusal(rig.pool, 0).find("invalid_option: start_instances.count is 0")
        == 0);
  CHECK(refusal(rig.pool, 1'000'001).find("at most 1000000")
        != std::string::npos);
  auto other =
    rig.fixture.spawn(rig.fixture.settings({rig.fixture.puppet("a")}));
  CHECK(refusal(other, 1).find("needs simple_one_for_one")
        != std::string::npos);
  CHECK(rig.begun == 0);
  CHECK(rig.fixture.counts(rig.pool).active == 0);
}

TEST_CASE("instances that fail to start are told as what they are",
          "[supervisor]") {
  auto strict = GENERATE(false, true);
  INFO("strict " << strict);
  pool_rig rig;
  auto like = rig.worker();
  like.start = [&, start = like.start](caf::execution_unit* eu,
                                       const birth& born) {
    if (born.key % 100 == 0 && born.incarnation == 1)
      throw std::runtime_error{"no room"};
    return start(eu, born);
  };
  if (strict)
    like.restart = otp_strict(child_policy{}).restart;
  auto settings = rig.settings(std::move(like));
  settings.strict = strict;
  rig.pool = rig.fixture.spawn(std::move(settings));
  auto got = ask(rig.fixture, rig.pool, {600, {}});
  while (!rig.starting.empty())
    rig.let_up(1);
  REQUIRE(got->list);
  CHECK(in_state(*got->list, child_state::up) == 594);
  CHECK(in_state(*got->list, child_state::waiting) == (strict ? 0 : 6));
  CHECK(got->list->size() == (strict ? 594 : 600));
}

TEST_CASE("a supervisor that ends answers for the instances it owes",
          "[supervisor]") {
  pool_rig rig;
  SECTION("told to") {
    rig.spawn();
    auto got = ask(rig.fixture, rig.pool, {300, {}});
    rig.fixture.stop(rig.pool);
    CHECK(got->error.find("stopped") == 0);
  }
  SECTION("by one restart too many") {
    auto like = rig.worker();
    like.restart.initial = like.restart.max = duration::zero();
    like.start = [&, start = like.start](caf::execution_unit* eu,
                                         const birth& born) {
      if (born.key > 280)
        throw std::runtime_error{"no room"};
      return start(eu, born);
    };
    rig.pool = rig.fixture.spawn(rig.settings(std::move(like)));
    auto got = ask(rig.fixture, rig.pool, {1000, {}});
    rig.let_up(256);
    CHECK(got->error.find("stopped") == 0);
    CHECK(rig.begun == 280);
    CHECK(rig.fixture.ended(rig.pool));
  }
  rig.starting.clear();
}

TEST_CASE("every request for instances is answered once, whatever happens",
          "[supervisor]") {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random{seed};
    pool_rig rig;
    auto like = rig.worker();
    like.restart.intensity = 1000;
    auto settings = rig.settings(std::move(like));
    settings.limits.intensity = 100'000;
    settings.events = {};
    rig.pool = rig.fixture.spawn(std::move(settings));
    std::vector<std::shared_ptr<reply>> replies;
    size_t asked = 0;
    for (size_t turn = 0; turn < 60; ++turn) {
      auto some = rig.starting.empty() ? 0 : random() % rig.starting.size();
      switch (random() % 5) {
      case 0:
        if (replies.empty() || !replies.back()->pending()) {
          auto count = 1 + random() % 600;
          replies.push_back(ask(rig.fixture, rig.pool, {count, {}}));
          asked += count;
        }
        break;
      case 1:
        if (!rig.starting.empty()) {
          caf::anon_send_exit(rig.starting[some], caf::exit_reason::kill);
          rig.starting.erase(rig.starting.begin()
                             + static_cast<std::ptrdiff_t>(some));
        }
        break;
      case 2:
        caf::anon_send(rig.pool, terminate_child{
                                   "worker#" + std::to_string(random() % 900)});
        break;
      case 3:
        rig.fixture.rig.advance(200ms);
        break;
      default:
        rig.let_up(some);
      }
      rig.fixture.rig.run();
      REQUIRE(rig.fixture.counts(rig.pool).active <= asked);
    }
    // Long enough for all that wait for their restart.
    for (size_t turn = 0; turn < 60; ++turn) {
      rig.let_up(rig.starting.size());
      rig.fixture.rig.advance(2s);
    }
    rig.let_up(rig.starting.size());
    for (const auto& each : replies)
      CHECK(each->list);
    auto all = rig.fixture.ask<child_list>(rig.pool, which_children{}).children;
    CHECK(in_state(all, child_state::up) == all.size());
  }
}
