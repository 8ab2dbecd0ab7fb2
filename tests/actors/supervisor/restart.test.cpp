#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/text/duration_text.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

constexpr auto no_jitter = restart_options{.jitter = 0};

caf::error some_error() {
  return caf::make_error(caf::sec::runtime_error, "disk full");
}

restart_options of_type(restart_type type) {
  auto result = no_jitter;
  result.type = type;
  return result;
}

} // namespace

TEST_CASE("the restart type decides by how the child ended", "[supervisor]") {
  struct row {
    restart_type type;
    const char* how;
    bool restarted;
    const char* events;
  };
  const auto* again = "child_started child_failed child_restarted";
  const auto* ended = "child_started child_stopped";
  const auto* gone = "child_started child_failed child_stopped";
  auto c = GENERATE_COPY(values<row>({
    {restart_type::permanent, "normal", true, again},
    {restart_type::permanent, "shutdown", true, again},
    {restart_type::permanent, "error", true, again},
    {restart_type::permanent, "exception", true, again},
    {restart_type::permanent, "kill", true, again},
    {restart_type::transient, "normal", false, ended},
    {restart_type::transient, "shutdown", false, ended},
    {restart_type::transient, "error", true, again},
    {restart_type::transient, "exception", true, again},
    {restart_type::transient, "kill", true, again},
    {restart_type::temporary, "normal", false, ended},
    {restart_type::temporary, "shutdown", false, ended},
    {restart_type::temporary, "error", false, gone},
    {restart_type::temporary, "exception", false, gone},
    {restart_type::temporary, "kill", false, gone},
  }));
  CAPTURE(static_cast<int>(c.type), c.how);
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings(
    {fixture.puppet("a", of_type(c.type)), fixture.puppet("b")}));
  std::string how = c.how;
  if (how == "exception")
    fixture.crash("a");
  else if (how == "normal")
    fixture.end("a", caf::none);
  else if (how == "shutdown")
    fixture.end("a", caf::exit_reason::user_shutdown);
  else if (how == "error")
    fixture.end("a", some_error());
  else
    caf::anon_send_exit(fixture.current("a"), caf::exit_reason::kill);
  fixture.rig.run();
  fixture.rig.advance(1s);
  CHECK(fixture.history("/root/s/a") == c.events);
  CHECK(fixture.counts(top).specs
        == (c.type == restart_type::temporary ? 1 : 2));
  if (c.type != restart_type::temporary) {
    auto a = fixture.info(top, "a");
    CHECK(a.state == (c.restarted ? child_state::up : child_state::stopped));
    CHECK(a.incarnation == (c.restarted ? 2 : 1));
  }
  CHECK(fixture.info(top, "b").incarnation == 1);
}

TEST_CASE("a failure is told with type and text, delay and downtime",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.spawn(fixture.settings({fixture.puppet("a", no_jitter)}));
  fixture.rig.advance(10s);
  fixture.crash("a", "disk");
  fixture.rig.advance(1s);
  auto failed = fixture.all(event_kind::child_failed).at(0);
  CHECK(failed.component == "/root/s/a");
  CHECK(failed.incarnation == 1);
  CHECK(failed.failure == failure_type::exception);
  CHECK(failed.reason == "std::runtime_error: disk");
  CHECK(test::metadata_of(failed, "restart_in") == "100ms");
  auto restarted = fixture.all(event_kind::child_restarted).at(0);
  CHECK(restarted.incarnation == 2);
  CHECK(restarted.downtime == 100ms);
  CHECK(restarted.at - failed.at == 100ms);
}

TEST_CASE("delays double up to the longest and start anew after health",
          "[supervisor]") {
  supervision_fixture fixture;
  auto restart = no_jitter;
  restart.max = 1s;
  restart.intensity = 100;
  restart.reset_after = 30s;
  auto settings = fixture.settings({fixture.puppet("a", restart)});
  settings.limits.intensity = 100;
  auto top = fixture.spawn(std::move(settings));
  for (int i = 0; i < 6; ++i) {
    fixture.crash("a");
    fixture.rig.advance(5s);
  }
  fixture.rig.advance(30s);
  fixture.crash("a");
  std::vector<std::string> delays;
  for (const auto& failed : fixture.all(event_kind::child_failed))
    delays.push_back(test::metadata_of(failed, "restart_in"));
  CHECK(delays
        == std::vector<std::string>{"100ms", "200ms", "400ms", "800ms", "1s",
                                    "1s", "100ms"});
  CHECK(fixture.state(top, "a") == child_state::waiting);
  fixture.rig.advance(99ms);
  CHECK(fixture.state(top, "a") == child_state::waiting);
  fixture.rig.advance(1ms);
  CHECK(fixture.state(top, "a") == child_state::up);
}

TEST_CASE("jitter spreads delays by the seed alone", "[supervisor]") {
  auto delays = [](uint64_t seed) {
    supervision_fixture fixture;
    auto settings =
      fixture.settings({fixture.puppet("a"), fixture.puppet("b")});
    settings.seed = seed;
    fixture.spawn(std::move(settings));
    fixture.crash("a");
    fixture.crash("b");
    std::vector<duration> result;
    for (const auto& failed : fixture.all(event_kind::child_failed))
      result.push_back(
        *parse_duration(test::metadata_of(failed, "restart_in")));
    return result;
  };
  auto one = delays(1);
  REQUIRE(one.size() == 2);
  CHECK(one == delays(1));
  CHECK(one != delays(2));
  CHECK(one[0] != one[1]);
  for (auto delay : one) {
    CHECK(delay >= 80ms);
    CHECK(delay <= 120ms);
  }
}

TEST_CASE("a start function that throws is a failed start", "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("a").start_throws = true;
  auto top = fixture.spawn(
    fixture.settings({fixture.puppet("a", no_jitter), fixture.puppet("b")}));
  CHECK(fixture.state(top, "a") == child_state::waiting);
  CHECK(fixture.state(top, "b") == child_state::up);
  auto failed = fixture.all(event_kind::child_failed).at(0);
  CHECK(failed.failure == failure_type::start_failed);
  CHECK(failed.reason == "std::logic_error: no database");
  fixture.plan("a").start_throws = false;
  fixture.rig.advance(100ms);
  CHECK(fixture.state(top, "a") == child_state::up);
  CHECK(fixture.all(event_kind::child_restarted).at(0).downtime == 100ms);
}

TEST_CASE("a start function that returns nothing is a failed start",
          "[supervisor]") {
  supervision_fixture fixture;
  auto spec = fixture.puppet("a", no_jitter);
  spec.start = [](caf::execution_unit*, const birth&) {
    return caf::strong_actor_ptr{};
  };
  auto top = fixture.spawn(fixture.settings({std::move(spec)}));
  CHECK(fixture.state(top, "a") == child_state::waiting);
  CHECK(fixture.all(event_kind::child_failed).at(0).reason
        == "the start function returned no actor");
}

TEST_CASE("a child that dies before it is up is a failed start",
          "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("a").dies_before_up = some_error();
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a", no_jitter)}));
  CHECK(fixture.state(top, "a") == child_state::waiting);
  CHECK(fixture.all(event_kind::child_failed).at(0).failure
        == failure_type::start_failed);
  CHECK(fixture.history("/root/s/a") == "child_failed");
  fixture.plan("a").dies_before_up = caf::none;
  fixture.rig.advance(100ms);
  CHECK(fixture.history("/root/s/a") == "child_failed child_restarted");
}

TEST_CASE("each step of a child is told to on_change, in order",
          "[supervisor]") {
  std::vector<std::pair<child_state, uint64_t>> seen;
  supervision_fixture fixture;
  auto spec = fixture.puppet("a", no_jitter);
  spec.on_change = [&](const child_change& x) {
    auto running = x.state == child_state::starting
                   || x.state == child_state::up
                   || x.state == child_state::stopping;
    CHECK((x.handle != nullptr) == running);
    seen.emplace_back(x.state, x.incarnation);
    throw 42; // whatever it does, the supervisor goes on
  };
  auto top = fixture.spawn(fixture.settings({std::move(spec)}));
  fixture.crash("a");
  fixture.rig.advance(1s);
  fixture.stop(top);
  using s = child_state;
  CHECK(seen
        == decltype(seen){{s::starting, 1},
                          {s::up, 1},
                          {s::waiting, 1},
                          {s::starting, 2},
                          {s::up, 2},
                          {s::stopping, 2},
                          {s::stopped, 2}});
}

TEST_CASE("the service is down below min_healthy and up again at it",
          "[supervisor]") {
  supervision_fixture fixture;
  auto settings = fixture.settings({fixture.puppet("a", no_jitter),
                                    fixture.puppet("b", no_jitter),
                                    fixture.puppet("c", no_jitter)});
  settings.min_healthy = 2;
  fixture.spawn(std::move(settings));
  CHECK(fixture.history("/root/s") == "service_started");
  fixture.crash("a");
  CHECK(fixture.history("/root/s") == "service_started");
  CHECK(fixture.events.back().level == severity::low);
  fixture.crash("b");
  CHECK(fixture.history("/root/s") == "service_started service_down");
  CHECK(fixture.all(event_kind::child_failed).back().level == severity::medium);
  CHECK(fixture.events.back().level == severity::medium);
  fixture.rig.advance(50ms);
  fixture.crash("c");
  CHECK(fixture.all(event_kind::child_failed).back().level == severity::high);
  fixture.rig.advance(1s);
  CHECK(fixture.history("/root/s")
        == "service_started service_down service_up");
  auto up = fixture.all(event_kind::service_up).at(0);
  CHECK(up.downtime == 100ms);
  CHECK(test::metadata_of(up, "method") == "automatic_restart");
}

TEST_CASE("counts and states are told on request", "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("b").start_throws = true;
  auto nested = fixture.settings({fixture.puppet("x")});
  nested.path = "/root/s/inner";
  auto top = fixture.spawn(fixture.settings(
    {fixture.puppet("a"), fixture.puppet("b"), supervisor_child(nested)}));
  CHECK(fixture.ask<child_counts>(top, child_counts_request{})
        == child_counts{3, 2, 1, 2});
  auto list = fixture.ask<child_list>(top, which_children{}).children;
  REQUIRE(list.size() == 3);
  CHECK(list[0] == child_info{"a", child_kind::worker, child_state::up, 1, 0});
  CHECK(list[1]
        == child_info{"b", child_kind::worker, child_state::waiting, 1, 0});
  CHECK(list[2]
        == child_info{"inner", child_kind::supervisor, child_state::up, 1, 0});
  fixture.crash("a");
  fixture.rig.advance(1s);
  CHECK(fixture.info(top, "a").restarts == 1);
}

TEST_CASE("a spec that contradicts itself is refused by name", "[supervisor]") {
  supervision_fixture fixture;
  auto refused = [&](supervisor_settings settings) {
    auto wrong = validate(settings);
    CHECK_THROWS_AS(spawn_supervisor(fixture.rig.system(), std::move(settings)),
                    std::invalid_argument);
    return wrong.value_or("");
  };
  CHECK(refused(fixture.settings({fixture.puppet("a"), fixture.puppet("a")}))
        == "child.id is \"a\"; it must be unique among its siblings");
  CHECK_THAT(refused(fixture.settings({fixture.puppet("a/b")})),
             Catch::StartsWith("child.id is \"a/b\"; it must be"));
  CHECK_THAT(refused(fixture.settings({fixture.puppet("")})),
             Catch::StartsWith("child.id is \"\"; it must be"));
  auto bad = fixture.puppet("a");
  bad.restart.jitter = 1.5;
  CHECK(refused(fixture.settings({bad}))
        == "a: restart.jitter is 1.5; it must be at least 0 and below 1");
  bad = fixture.puppet("a");
  bad.start = nullptr;
  CHECK(refused(fixture.settings({bad}))
        == "child.start of a is empty; it must be a function");
  auto settings = fixture.settings({fixture.puppet("a")});
  settings.min_healthy = 2;
  CHECK_THAT(refused(settings), Catch::StartsWith("supervisor.min_healthy"));
  settings = fixture.settings({});
  settings.path = "/";
  CHECK_THAT(refused(settings), Catch::StartsWith("supervisor.path"));
  settings = fixture.settings({});
  settings.abandon_after = -1s;
  CHECK_THAT(refused(settings), Catch::StartsWith("supervisor.abandon_after"));
}
