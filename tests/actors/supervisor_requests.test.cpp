// What can be asked of a supervisor at run time.

#include "actors/supervision_stage.hpp"

#include <bulwark/caf_error.hpp>
#include <bulwark/child_requests.hpp>
#include <bulwark/detail/control.hpp>
#include <bulwark/replica_factory.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_stage;

namespace {

/// Returns code and text of the error that comes as answer, or nothing when it
/// is `caf::unit`.
template <class Question>
std::string refusal(supervision_stage& stage, const caf::actor& who,
                    Question question) {
  caf::scoped_actor self{stage.rig.system()};
  auto asked = self->request(who, caf::infinite, std::move(question));
  stage.rig.run();
  std::string result;
  asked.receive([] {},
                [&](caf::error& err) {
                  result = to_string(code_of(err, errc::stopped)) + ": "
                           + describe(err);
                });
  return result;
}

child_info started(supervision_stage& stage, const caf::actor& top,
                   child_spec spec) {
  return stage.ask<child_info>(top, start_child{std::move(spec)});
}

} // namespace

TEST_CASE("a child is added, stopped, started and forgotten at run time",
          "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(stage.settings({stage.puppet("a")}));
  auto info = started(stage, top, stage.puppet("b"));
  CHECK(info.id == "b");
  CHECK(info.state == child_state::up);
  CHECK(refusal(stage, top, start_child{stage.puppet("b")})
        == "already_started: a child is called \"b\" already");
  CHECK(refusal(stage, top, delete_child{"b"})
        == "running: \"b\" runs, or is about to");
  CHECK(refusal(stage, top, restart_child{"b"}) == "running: \"b\" runs");
  CHECK(refusal(stage, top, terminate_child{"b"}) == "");
  CHECK(refusal(stage, top, terminate_child{"b"}) == "");
  CHECK(stage.state(top, "b") == child_state::stopped);
  CHECK(refusal(stage, top, start_child{stage.puppet("b")})
        == "already_present: a child is called \"b\" already");
  info = stage.ask<child_info>(top, restart_child{"b"});
  CHECK(info.incarnation == 2);
  CHECK(refusal(stage, top, terminate_child{"b"}) == "");
  CHECK(refusal(stage, top, delete_child{"b"}) == "");
  CHECK(refusal(stage, top, delete_child{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(refusal(stage, top, restart_child{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(refusal(stage, top, terminate_child{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(refusal(stage, top, child_spec_request{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(stage.ask<child_spec>(top, child_spec_request{"a"}).id == "a");
}

TEST_CASE("bad specs and limits change nothing", "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(stage.settings({stage.puppet("a")}));
  auto spec = stage.puppet("b");
  spec.id = "b/c";
  CHECK(refusal(stage, top, start_child{spec}).find("invalid_option: child.id")
        == 0);
  spec = stage.puppet("b");
  spec.significant = true;
  CHECK(refusal(stage, top, start_child{spec})
        == "invalid_option: b: child.significant is true; it must be false "
           "where supervisor.auto_shutdown is never");
  CHECK(stage.counts(top).specs == 1);
  restart_options bad;
  bad.multiplier = 0.5;
  CHECK(refusal(stage, top, change_restart{"a", bad}).find("invalid_option")
        == 0);
  CHECK(refusal(stage, top, change_restart{"z", {}}).find("not_found") == 0);
  CHECK(refusal(stage, top, start_instance{}).find("invalid_option") == 0);
  CHECK(stage.ask<child_spec>(top, child_spec_request{"a"}).restart
        == restart_options{});
}

TEST_CASE("a child that does not start is answered with the reason",
          "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(stage.settings({}));
  stage.plan("b").start_throws = true;
  CHECK(
    refusal(stage, top, start_child{stage.puppet("b")}).find("service_crashed")
    == 0);
  stage.plan("b").start_throws = false;
  stage.rig.advance(1s);
  CHECK(stage.state(top, "b") == child_state::up);
}

TEST_CASE("what an operator revives is told as his work", "[supervisor]") {
  supervision_stage stage;
  restart_options once;
  once.intensity = 0;
  auto settings = stage.settings({stage.puppet("a", once)});
  settings.min_healthy = 1;
  auto top = stage.spawn(std::move(settings));
  stage.crash("a");
  REQUIRE(stage.state(top, "a") == child_state::failed);
  stage.ask<child_info>(top, restart_child{"a"});
  auto back = stage.all(event_kind::child_restarted);
  REQUIRE(back.size() == 1);
  CHECK(test::metadata_of(back[0], "method") == "manual_intervention");
  auto up = stage.all(event_kind::service_up);
  REQUIRE(up.size() == 1);
  CHECK(test::metadata_of(up[0], "method") == "manual_intervention");
}

TEST_CASE("limits and delays change at run time", "[supervisor]") {
  supervision_stage stage;
  auto top = stage.spawn(stage.settings({stage.puppet("a")}));
  restart_options slow;
  slow.initial = 10s;
  slow.jitter = 0;
  CHECK(refusal(stage, top, change_restart{"a", slow}) == "");
  stage.crash("a");
  stage.rig.advance(9s);
  CHECK(stage.state(top, "a") == child_state::waiting);
  stage.rig.advance(1s);
  CHECK(stage.state(top, "a") == child_state::up);
  CHECK(refusal(stage, top, change_limits{{1, 1min}}) == "");
  stage.crash("a");
  CHECK(stage.ended(top));
}

TEST_CASE("children are made from one template", "[supervisor]") {
  supervision_stage stage;
  std::vector<std::string> given;
  auto like = stage.puppet("job");
  like.restart.type = restart_type::transient;
  like.start = [&given, start = like.start](caf::execution_unit* eu,
                                            const birth& born) {
    given.push_back(born.arguments.get_as<std::string>(0));
    return start(eu, born);
  };
  auto settings = stage.settings({like});
  settings.strategy = restart_strategy::simple_one_for_one;
  auto top = stage.spawn(std::move(settings));
  CHECK(stage.counts(top) == child_counts{1, 0, 0, 0});
  auto instance = [&](const char* argument, std::string id = "") {
    return stage.ask<child_info>(
      top, start_instance{caf::make_message(std::string{argument}), id});
  };
  CHECK(instance("x").id == "job#1");
  CHECK(instance("y").id == "job#2");
  CHECK(instance("z", "mine").id == "mine");
  CHECK(given == std::vector<std::string>{"x", "y", "z"});
  CHECK(
    refusal(stage, top, start_child{stage.puppet("a")}).find("invalid_option")
    == 0);
  CHECK(refusal(stage, top, terminate_child{"job#1"}) == "");
  CHECK(stage.counts(top) == child_counts{1, 2, 0, 2});
}

TEST_CASE("a number that somebody used as a name is not given twice",
          "[supervisor]") {
  supervision_stage stage;
  auto settings = stage.settings({stage.puppet("job")});
  settings.strategy = restart_strategy::simple_one_for_one;
  auto top = stage.spawn(std::move(settings));
  auto instance = [&](std::string id = "") {
    return stage.ask<child_info>(top, start_instance{{}, std::move(id)}).id;
  };
  CHECK(instance() == "job#1");
  CHECK(instance("job#4") == "job#4");
  CHECK(instance("job#03") == "job#03");
  CHECK(instance() == "job#4+");
  CHECK(instance("job#5") == "job#5");
  CHECK(refusal(stage, top, start_instance{{}, "job#5"}).find("already_started")
        == 0);
  for (auto id : {"job#1", "job#4", "job#03", "job#4+", "job#5"})
    CHECK(refusal(stage, top, terminate_child{id}) == "");
  for (auto id : {"job#1", "job#4", "job#03", "job#5", "job#", "#1", "1", "#"})
    CHECK(refusal(stage, top, terminate_child{id}).find("not_found") == 0);
  CHECK(stage.counts(top).active == 0);
}

// Its outage stayed open when it was deleted before its supervisor, which had
// been restarted, had come to it.
TEST_CASE("who is deleted leaves no outage behind", "[supervisor]") {
  // Before the stage, which changes them until its end.
  caf::actor inner;
  auto is_ready = true;
  supervision_stage stage;
  auto first = stage.puppet("first");
  first.start = [&, start = first.start](caf::execution_unit* eu,
                                         const birth& born) {
    if (is_ready)
      return start(eu, born);
    auto silent = stage.rig.system().spawn(
      [] { return caf::behavior{[](int x) { return x; }}; });
    return caf::actor_cast<caf::strong_actor_ptr>(silent);
  };
  auto settings = stage.settings({first, stage.puppet("a")});
  settings.path += "/inner";
  auto nested = supervisor_child(std::move(settings));
  nested.on_change = [&](const child_change& x) {
    inner = caf::actor_cast<caf::actor>(x.handle);
  };
  auto top = stage.spawn(stage.settings({nested}));
  auto restart = [&](bool ready) {
    is_ready = ready;
    CHECK(refusal(stage, top, terminate_child{"inner"}) == "");
    caf::anon_send(top, restart_child{"inner"});
    stage.rig.run();
  };
  stage.crash("a");
  restart(false);
  CHECK(refusal(stage, inner, delete_child{"a"}) == "");
  restart(true);
  CHECK(stage.history("/root/s/inner/a")
        == "child_started child_failed child_stopped child_started");
  CHECK(stage.info(inner, "a").incarnation == 2);
}

TEST_CASE("a start function may say that its child is not wanted",
          "[supervisor]") {
  supervision_stage stage;
  restart_options once;
  once.type = restart_type::temporary;
  stage.plan("b").not_wanted = stage.plan("c").not_wanted = true;
  auto top = stage.spawn(stage.settings({stage.puppet("a")}));
  CHECK(started(stage, top, stage.puppet("b"))
        == child_info{"b", child_kind::worker, child_state::stopped, 1, 0});
  CHECK(started(stage, top, stage.puppet("c", once))
        == child_info{"c", child_kind::worker, child_state::stopped, 1, 0});
  CHECK(refusal(stage, top, restart_child{"c"}).find("not_found") == 0);
  CHECK(stage.counts(top) == child_counts{2, 1, 0, 2});
  CHECK(stage.history("/root/s/b") == "child_stopped");
  CHECK(test::metadata_of(stage.all(event_kind::child_stopped).front(), "start")
        == "ignored");
  stage.plan("b").not_wanted = false;
  CHECK(stage.ask<child_info>(top, restart_child{"b"}).state
        == child_state::up);
  stage.plan("b").not_wanted = true;
  stage.crash("b");
  stage.rig.advance(1min);
  CHECK(stage.history("/root/s/b")
        == "child_stopped child_started child_failed child_stopped");
}

TEST_CASE("nothing is started by a supervisor that ends", "[supervisor]") {
  supervision_stage stage;
  stage.plan("a").stubborn = true;
  auto top = stage.spawn(stage.settings({stage.puppet("a")}));
  caf::anon_send(top, detail::stop_actor{});
  stage.rig.run();
  CHECK(refusal(stage, top, start_child{stage.puppet("b")})
        == "stopped: /root/s ends");
  CHECK(refusal(stage, top, restart_child{"a"}) == "stopped: /root/s ends");
}

TEST_CASE("a request that is open when the supervisor fails is answered",
          "[supervisor]") {
  supervision_stage stage;
  auto settings = stage.settings({stage.puppet("a")});
  settings.limits = {0, 1min};
  auto top = stage.spawn(std::move(settings));
  auto never_ready = [] { return caf::behavior{[](int x) { return x; }}; };
  child_spec slow;
  slow.id = "b";
  slow.start = start_alone(make_replica_factory(never_ready), {false, true});
  caf::scoped_actor self{stage.rig.system()};
  auto asked = self->request(top, caf::infinite, start_child{slow});
  stage.rig.run();
  stage.crash("a");
  REQUIRE(stage.ended(top));
  asked.receive([](const child_info&) { FAIL("it never was up"); },
                [](const caf::error& err) { CHECK(err == errc::stopped); });
}

TEST_CASE("a temporary child that cannot be ended is forgotten, and told so",
          "[supervisor]") {
  supervision_stage stage;
  restart_options once;
  once.type = restart_type::temporary;
  stage.plan("b").deaf = true;
  auto top =
    stage.spawn(stage.settings({stage.puppet("a"), stage.puppet("b", once)}));
  caf::scoped_actor self{stage.rig.system()};
  auto asked = self->request(top, caf::infinite, terminate_child{"b"});
  stage.rig.advance(10s);
  asked.receive([] {}, [](const caf::error&) { FAIL("refused"); });
  CHECK(stage.history("/root/s/b") == "child_started child_abandoned");
  CHECK(stage.counts(top).specs == 1);
  CHECK(stage.info(top, "a").state == child_state::up);
}
