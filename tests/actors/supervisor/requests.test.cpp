// What can be asked of a supervisor at run time.

#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/child_requests.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

/// Returns code and text of the error that comes as answer, or nothing when it
/// is `caf::unit`.
template <class Question>
std::string refusal(supervision_fixture& fixture, const caf::actor& who,
                    Question question) {
  caf::scoped_actor self{fixture.rig.system()};
  auto asked = self->request(who, caf::infinite, std::move(question));
  fixture.rig.run();
  std::string result;
  asked.receive([] {},
                [&](caf::error& err) {
                  result = to_string(code_of(err, errc::stopped)) + ": "
                           + describe(err);
                });
  return result;
}

child_info started(supervision_fixture& fixture, const caf::actor& top,
                   child_spec spec) {
  return fixture.ask<child_info>(top, start_child{std::move(spec)});
}

} // namespace

TEST_CASE("a child is added, stopped, started and forgotten at run time",
          "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  auto info = started(fixture, top, fixture.puppet("b"));
  CHECK(info.id == "b");
  CHECK(info.state == child_state::up);
  CHECK(refusal(fixture, top, start_child{fixture.puppet("b")})
        == "already_started: a child is called \"b\" already");
  CHECK(refusal(fixture, top, delete_child{"b"})
        == "running: \"b\" runs, or is about to");
  CHECK(refusal(fixture, top, restart_child{"b"}) == "running: \"b\" runs");
  CHECK(refusal(fixture, top, terminate_child{"b"}) == "");
  CHECK(refusal(fixture, top, terminate_child{"b"}) == "");
  CHECK(fixture.state(top, "b") == child_state::stopped);
  CHECK(refusal(fixture, top, start_child{fixture.puppet("b")})
        == "already_present: a child is called \"b\" already");
  info = fixture.ask<child_info>(top, restart_child{"b"});
  CHECK(info.incarnation == 2);
  CHECK(refusal(fixture, top, terminate_child{"b"}) == "");
  CHECK(refusal(fixture, top, delete_child{"b"}) == "");
  CHECK(refusal(fixture, top, delete_child{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(refusal(fixture, top, restart_child{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(refusal(fixture, top, terminate_child{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(refusal(fixture, top, child_spec_request{"b"})
        == "not_found: no child is called \"b\"");
  CHECK(fixture.ask<child_spec>(top, child_spec_request{"a"}).id == "a");
}

TEST_CASE("bad specs and limits change nothing", "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  auto spec = fixture.puppet("b");
  spec.id = "b/c";
  CHECK(
    refusal(fixture, top, start_child{spec}).find("invalid_option: child.id")
    == 0);
  spec = fixture.puppet("b");
  spec.significant = true;
  CHECK(refusal(fixture, top, start_child{spec})
        == "invalid_option: b: child.significant is true; it must be false "
           "where supervisor.auto_shutdown is never");
  CHECK(fixture.counts(top).specs == 1);
  restart_options bad;
  bad.multiplier = 0.5;
  CHECK(refusal(fixture, top, change_restart{"a", bad}).find("invalid_option")
        == 0);
  CHECK(refusal(fixture, top, change_restart{"z", {}}).find("not_found") == 0);
  CHECK(refusal(fixture, top, start_instance{}).find("invalid_option") == 0);
  CHECK(fixture.ask<child_spec>(top, child_spec_request{"a"}).restart
        == restart_options{});
}

TEST_CASE("a child that does not start is answered with the reason",
          "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({}));
  fixture.plan("b").start_throws = true;
  CHECK(refusal(fixture, top, start_child{fixture.puppet("b")})
          .find("service_crashed")
        == 0);
  fixture.plan("b").start_throws = false;
  fixture.rig.advance(1s);
  CHECK(fixture.state(top, "b") == child_state::up);
}

TEST_CASE("what an operator revives is told as his work", "[supervisor]") {
  supervision_fixture fixture;
  restart_options once;
  once.intensity = 0;
  auto settings = fixture.settings({fixture.puppet("a", once)});
  settings.min_healthy = 1;
  auto top = fixture.spawn(std::move(settings));
  fixture.crash("a");
  REQUIRE(fixture.state(top, "a") == child_state::failed);
  fixture.ask<child_info>(top, restart_child{"a"});
  auto back = fixture.all(event_kind::child_restarted);
  REQUIRE(back.size() == 1);
  CHECK(test::metadata_of(back[0], "method") == "manual_intervention");
  auto up = fixture.all(event_kind::service_up);
  REQUIRE(up.size() == 1);
  CHECK(test::metadata_of(up[0], "method") == "manual_intervention");
}

TEST_CASE("limits and delays change at run time", "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  restart_options slow;
  slow.initial = 10s;
  slow.jitter = 0;
  CHECK(refusal(fixture, top, change_restart{"a", slow}) == "");
  fixture.crash("a");
  fixture.rig.advance(9s);
  CHECK(fixture.state(top, "a") == child_state::waiting);
  fixture.rig.advance(1s);
  CHECK(fixture.state(top, "a") == child_state::up);
  CHECK(refusal(fixture, top, change_limits{{1, 1min}}) == "");
  fixture.crash("a");
  CHECK(fixture.ended(top));
}

TEST_CASE("children are made from one template", "[supervisor]") {
  supervision_fixture fixture;
  std::vector<std::string> given;
  auto like = fixture.puppet("job");
  like.restart.type = restart_type::transient;
  like.start = [&given, start = like.start](caf::execution_unit* eu,
                                            const birth& born) {
    given.push_back(born.arguments.get_as<std::string>(0));
    return start(eu, born);
  };
  auto settings = fixture.settings({like});
  settings.strategy = restart_strategy::simple_one_for_one;
  auto top = fixture.spawn(std::move(settings));
  CHECK(fixture.counts(top) == child_counts{1, 0, 0, 0});
  auto instance = [&](const char* argument, std::string id = "") {
    return fixture.ask<child_info>(
      top, start_instance{caf::make_message(std::string{argument}), id});
  };
  CHECK(instance("x").id == "job#1");
  CHECK(instance("y").id == "job#2");
  CHECK(instance("z", "mine").id == "mine");
  CHECK(given == std::vector<std::string>{"x", "y", "z"});
  CHECK(refusal(fixture, top, start_child{fixture.puppet("a")})
          .find("invalid_option")
        == 0);
  CHECK(refusal(fixture, top, terminate_child{"job#1"}) == "");
  CHECK(fixture.counts(top) == child_counts{1, 2, 0, 2});
}

TEST_CASE("a number that somebody used as a name is not given twice",
          "[supervisor]") {
  supervision_fixture fixture;
  auto settings = fixture.settings({fixture.puppet("job")});
  settings.strategy = restart_strategy::simple_one_for_one;
  auto top = fixture.spawn(std::move(settings));
  auto instance = [&](std::string id = "") {
    return fixture.ask<child_info>(top, start_instance{{}, std::move(id)}).id;
  };
  CHECK(instance() == "job#1");
  CHECK(instance("job#4") == "job#4");
  CHECK(instance("job#03") == "job#03");
  CHECK(instance() == "job#4+");
  CHECK(instance("job#5") == "job#5");
  CHECK(
    refusal(fixture, top, start_instance{{}, "job#5"}).find("already_started")
    == 0);
  for (auto id : {"job#1", "job#4", "job#03", "job#4+", "job#5"})
    CHECK(refusal(fixture, top, terminate_child{id}) == "");
  for (auto id : {"job#1", "job#4", "job#03", "job#5", "job#", "#1", "1", "#"})
    CHECK(refusal(fixture, top, terminate_child{id}).find("not_found") == 0);
  CHECK(fixture.counts(top).active == 0);
}

// Its outage stayed open when it was deleted before its supervisor, which had
// been restarted, had come to it.
TEST_CASE("who is deleted leaves no outage behind", "[supervisor]") {
  // Before the fixture, which changes them until its end.
  caf::actor inner;
  auto is_ready = true;
  supervision_fixture fixture;
  auto first = fixture.puppet("first");
  first.start = [&, start = first.start](caf::execution_unit* eu,
                                         const birth& born) {
    if (is_ready)
      return start(eu, born);
    auto silent = fixture.rig.system().spawn(
      [] { return caf::behavior{[](int x) { return x; }}; });
    return caf::actor_cast<caf::strong_actor_ptr>(silent);
  };
  auto settings = fixture.settings({first, fixture.puppet("a")});
  settings.path += "/inner";
  auto nested = supervisor_child(std::move(settings));
  nested.on_change = [&](const child_change& x) {
    inner = caf::actor_cast<caf::actor>(x.handle);
  };
  auto top = fixture.spawn(fixture.settings({nested}));
  auto restart = [&](bool ready) {
    is_ready = ready;
    CHECK(refusal(fixture, top, terminate_child{"inner"}) == "");
    caf::anon_send(top, restart_child{"inner"});
    fixture.rig.run();
  };
  fixture.crash("a");
  restart(false);
  CHECK(refusal(fixture, inner, delete_child{"a"}) == "");
  restart(true);
  CHECK(fixture.history("/root/s/inner/a")
        == "child_started child_failed child_stopped child_started");
  CHECK(fixture.info(inner, "a").incarnation == 2);
}

TEST_CASE("a start function may say that its child is not wanted",
          "[supervisor]") {
  supervision_fixture fixture;
  restart_options once;
  once.type = restart_type::temporary;
  fixture.plan("b").not_wanted = fixture.plan("c").not_wanted = true;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  CHECK(started(fixture, top, fixture.puppet("b"))
        == child_info{"b", child_kind::worker, child_state::stopped, 1, 0});
  CHECK(started(fixture, top, fixture.puppet("c", once))
        == child_info{"c", child_kind::worker, child_state::stopped, 1, 0});
  CHECK(refusal(fixture, top, restart_child{"c"}).find("not_found") == 0);
  CHECK(fixture.counts(top) == child_counts{2, 1, 0, 2});
  CHECK(fixture.history("/root/s/b") == "child_stopped");
  CHECK(
    test::metadata_of(fixture.all(event_kind::child_stopped).front(), "start")
    == "ignored");
  fixture.plan("b").not_wanted = false;
  CHECK(fixture.ask<child_info>(top, restart_child{"b"}).state
        == child_state::up);
  fixture.plan("b").not_wanted = true;
  fixture.crash("b");
  fixture.rig.advance(1min);
  CHECK(fixture.history("/root/s/b")
        == "child_stopped child_started child_failed child_stopped");
}

TEST_CASE("nothing is started by a supervisor that ends", "[supervisor]") {
  supervision_fixture fixture;
  fixture.plan("a").stubborn = true;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  bulwark::stop(top);
  fixture.rig.run();
  CHECK(refusal(fixture, top, start_child{fixture.puppet("b")})
        == "stopped: /root/s ends");
  CHECK(refusal(fixture, top, restart_child{"a"}) == "stopped: /root/s ends");
}

TEST_CASE("a request that is open when the supervisor fails is answered",
          "[supervisor]") {
  supervision_fixture fixture;
  auto settings = fixture.settings({fixture.puppet("a")});
  settings.limits = {0, 1min};
  auto top = fixture.spawn(std::move(settings));
  auto never_ready = [] { return caf::behavior{[](int x) { return x; }}; };
  child_spec slow;
  slow.id = "b";
  slow.start = start_alone(make_replica_factory(never_ready), {false, true});
  caf::scoped_actor self{fixture.rig.system()};
  auto asked = self->request(top, caf::infinite, start_child{slow});
  fixture.rig.run();
  fixture.crash("a");
  REQUIRE(fixture.ended(top));
  asked.receive([](const child_info&) { FAIL("it never was up"); },
                [](const caf::error& err) { CHECK(err == errc::stopped); });
}

TEST_CASE("a temporary child that cannot be ended is forgotten, and told so",
          "[supervisor]") {
  supervision_fixture fixture;
  restart_options once;
  once.type = restart_type::temporary;
  fixture.plan("b").deaf = true;
  auto top = fixture.spawn(
    fixture.settings({fixture.puppet("a"), fixture.puppet("b", once)}));
  caf::scoped_actor self{fixture.rig.system()};
  auto asked = self->request(top, caf::infinite, terminate_child{"b"});
  fixture.rig.advance(10s);
  asked.receive([] {}, [](const caf::error&) { FAIL("refused"); });
  CHECK(fixture.history("/root/s/b") == "child_started child_abandoned");
  CHECK(fixture.counts(top).specs == 1);
  CHECK(fixture.info(top, "a").state == child_state::up);
}
