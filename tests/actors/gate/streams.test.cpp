#include "actors/gate/gate_fixture.hpp"

#include <caf/attach_stream_sink.hpp>
#include <caf/attach_stream_source.hpp>
#include <catch2/catch.hpp>

// Gates take no streams. A service that opened one to a gate was not told; CAF
// keeps an actor whose stream is open, and so nobody ever heard of its end.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

using crash_atom = caf::atom_constant<caf::atom("crash")>;
using quit_atom = caf::atom_constant<caf::atom("quit")>;
using fail_atom = caf::atom_constant<caf::atom("quitfail")>;
using open_atom = caf::atom_constant<caf::atom("open")>;
using count_atom = caf::atom_constant<caf::atom("count")>;
using later_atom = caf::atom_constant<caf::atom("later")>;

/// Swallows whatever it is sent, as does one whose node has stopped.
class deaf_actor : public caf::event_based_actor {
public:
  using event_based_actor::enqueue;
  using event_based_actor::event_based_actor;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    kept_.push_back(std::move(what));
  }

  /// What it was sent names actors, which live as long.
  void forget() { kept_.clear(); }

private:
  std::vector<caf::mailbox_element_ptr> kept_;
};

/// How the source behaves.
struct plan {
  caf::actor to;
  int opened_at_start = 0;
  int crashes_at_start = 0;
  bool pull_throws = false;
  bool end_throws = false;
  bool ends = false;
  int made = 0;
};

using plan_ptr = std::shared_ptr<plan>;

void open(caf::event_based_actor* self, const plan_ptr& all) {
  caf::attach_stream_source(
    self, all->to, [](int& x) { x = 0; },
    [=](int& x, caf::downstream<int>& out, size_t n) {
      if (all->pull_throws)
        throw std::logic_error{"pull"};
      while (n-- > 0)
        out.push(x++);
    },
    [=](const int&) { return all->ends; },
    [=](int&, const caf::error&) {
      if (all->end_throws)
        throw std::logic_error{"end of stream"};
    });
}

int open_streams(caf::event_based_actor* self) {
  return static_cast<int>(self->stream_managers().size()
                          + self->pending_stream_managers().size());
}

caf::behavior source(caf::event_based_actor* self, const plan_ptr& all) {
  ++all->made;
  for (int i = 0; i < all->opened_at_start; ++i)
    open(self, all);
  if (all->crashes_at_start > 0) {
    --all->crashes_at_start;
    throw std::logic_error{"no behaviour"};
  }
  return {
    [](int x) { return x; },
    [=](open_atom) {
      open(self, all);
      return open_streams(self);
    },
    [=](count_atom) { return open_streams(self); },
    [](crash_atom) -> int { throw std::logic_error{"crash"}; },
    [=](quit_atom) {
      self->quit();
      return 1;
    },
    [=](fail_atom) {
      self->quit(caf::sec::bad_function_call);
      return 1;
    },
    [=](later_atom) -> int {
      // An answer that never comes, asked for by one who has quit.
      self->quit();
      self->request(all->to, caf::infinite, 1).then([](int) {});
      throw std::logic_error{"crash"};
    },
  };
}

struct scene {
  // What a sink got; first, because it may still get something at the end.
  std::vector<int> got;

  gate_fixture fixture;
  plan_ptr all = std::make_shared<plan>();
  caf::actor deaf = fixture.rig.system().spawn<deaf_actor>();
  const test::service* service = nullptr;

  ~scene() {
    all->to = nullptr;
    static_cast<deaf_actor*>(caf::actor_cast<caf::abstract_actor*>(deaf))
      ->forget();
    deaf = nullptr;
  }

  const test::service& serve(const caf::actor& to) {
    all->to = to;
    test::service_plan plan;
    plan.restart.shutdown = 1s;
    plan.gate.timeout = 1min;
    service = &fixture.serve("source", make_replica_factory(source, all), plan);
    return *service;
  }

  int streams() {
    return fixture.ask(service->handle(), count_atom::value)
      ->value.value_or(-1);
  }

  template <class Atom>
  std::shared_ptr<const test::reply<int>> tell(Atom what) {
    return fixture.ask(service->handle(), what);
  }

  /// Its end was told as one failure, and the next incarnation works.
  void check_restarted(const std::string& why) {
    auto failed = fixture.all(event_kind::child_failed);
    REQUIRE(failed.size() == 1);
    CHECK(failed[0].component == "/root/source/source#1");
    CHECK_THAT(failed[0].reason, Catch::Contains(why));
    fixture.rig.advance(100ms);
    CHECK(all->made == 2);
    CHECK(fixture.ask(service->handle(), 7)->value == 7);
    CHECK(test::open_requests(service->gate) == 0);
  }
};

caf::behavior sink(caf::event_based_actor* self, std::vector<int>* got) {
  return {
    [=](caf::stream<int> in) {
      return caf::attach_stream_sink(
        self, in, [](caf::unit_t&) {},
        [=](caf::unit_t&, int x) { got->push_back(x); },
        [](caf::unit_t&, const caf::error&) {});
    },
    [](int x) { return x; },
  };
}

} // namespace

TEST_CASE("a stream to a gate ends at its source", "[gate][streams]") {
  scene it;
  auto& other = it.fixture.work("other");
  it.serve(other.handle());
  SECTION("opened by a service") {
    CHECK(it.tell(open_atom::value)->value == 1);
    CHECK(it.streams() == 0);
    it.tell(crash_atom::value);
    it.check_restarted("crash");
  }
  SECTION("opened by any other actor") {
    client ada{it.fixture.rig};
    ada.does([&](caf::event_based_actor* self) { open(self, it.all); });
    auto left = std::make_shared<int>(-1);
    ada.does([=](caf::event_based_actor* self) { *left = open_streams(self); });
    CHECK(*left == 0);
    CHECK_FALSE(ada.ended());
  }
  CHECK(it.fixture.room("other").handled.empty());
  CHECK_FALSE(it.fixture.all(event_kind::message_refused).empty());
  CHECK(it.fixture.ask(other.handle(), 5)->value == 5);
}

TEST_CASE("a stream to a supervisor ends at its source", "[gate][streams]") {
  scene it;
  auto& other = it.fixture.work("other");
  it.serve(other.supervisor);
  CHECK(it.tell(open_atom::value)->value == 1);
  CHECK(it.streams() == 0);
}

TEST_CASE("a stream answered to a client that has given up ends",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  auto& late = it.fixture.work("late", {.gate = {.timeout = 1s}});
  auto count = std::make_shared<int>(-1);
  client ada{it.fixture.rig};
  // The handshake is the answer, and comes when nobody waits for it any more.
  ada.asks<int>(late.handle(), test::keep_atom::value, 1);
  it.fixture.rig.advance(2s);
  it.fixture.inside("late", [&](caf::event_based_actor* self) {
    auto promise = it.fixture.room("late").kept.at(0);
    auto next = caf::actor_cast<caf::actor>(promise.next());
    CHECK(next);
    it.all->to = next;
    open(self, it.all);
  });
  it.fixture.inside(
    "late", [=](caf::event_based_actor* self) { *count = open_streams(self); });
  CHECK(*count == 0);
}

TEST_CASE("a replica with an open stream crashes as any other",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  CHECK(it.tell(open_atom::value)->value == 1);
  CHECK(it.tell(crash_atom::value)->code() == errc::service_crashed);
  it.check_restarted("std::logic_error: crash");
}

TEST_CASE("what waits for a replica with an open stream outlives its crash",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  it.tell(open_atom::value);
  auto answers = std::make_shared<std::vector<int>>();
  client ada{it.fixture.rig};
  ada.does([&](caf::event_based_actor* self) {
    self->request(it.service->handle(), caf::infinite, crash_atom::value)
      .then([](int) {}, [](const caf::error&) {});
    for (int i = 0; i < 20; ++i)
      self->request(it.service->handle(), caf::infinite, i)
        .then([=](int x) { answers->push_back(x); }, [](const caf::error&) {});
  });
  it.check_restarted("std::logic_error: crash");
  CHECK(answers->size() == 20);
}

TEST_CASE("a replica that opens a stream and then fails to start",
          "[gate][streams]") {
  scene it;
  it.all->opened_at_start = 1;
  it.all->crashes_at_start = 1;
  it.serve(it.deaf);
  it.check_restarted("std::logic_error: no behaviour");
}

TEST_CASE("a replica quits with an error and an open stream",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  it.tell(open_atom::value);
  it.tell(fail_atom::value);
  it.check_restarted("bad_function_call");
}

TEST_CASE("a replica that has quit, asks and crashes has ended",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  CHECK(it.tell(later_atom::value)->code() == errc::service_crashed);
  it.fixture.rig.advance(100ms);
  CHECK(it.all->made == 2);
  CHECK(it.fixture.ask(it.service->handle(), 7)->value == 7);
}

TEST_CASE("a replica that quits finishes its streams within a limit",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  it.tell(open_atom::value);
  it.tell(quit_atom::value);
  // Nothing goes to it any more.
  auto waits = it.fixture.ask(it.service->handle(), 7);
  CHECK(waits->open());
  it.fixture.rig.advance(4s);
  CHECK(it.all->made == 1);
  it.fixture.rig.advance(2s);
  CHECK(it.all->made == 2);
  CHECK(waits->value == 7);
}

TEST_CASE("a supervisor kills a replica that has a stream open",
          "[gate][streams]") {
  scene it;
  auto& s = it.serve(it.deaf);
  it.tell(open_atom::value);
  it.fixture.stop(s.supervisor);
  it.fixture.rig.advance(500ms);
  CHECK(it.fixture.all(event_kind::child_stopped).empty());
  it.fixture.rig.advance(1s);
  CHECK(it.fixture.all(event_kind::child_stopped).size() == 1);
  CHECK(it.fixture.all(event_kind::child_abandoned).empty());
}

TEST_CASE("what a stream's functions throw is a crash of their service",
          "[gate][streams]") {
  scene it;
  auto to = it.fixture.rig.system().spawn(sink, &it.got);
  it.serve(to);
  SECTION("when it makes its elements") {
    it.all->pull_throws = true;
    it.tell(open_atom::value);
    it.check_restarted("std::logic_error: pull");
  }
  SECTION("at the end of the stream") {
    it.all->ends = true;
    it.all->end_throws = true;
    it.tell(open_atom::value);
    it.fixture.rig.advance(1s);
    it.check_restarted("std::logic_error: end of stream");
  }
}

TEST_CASE("the end of a stream throws when its service crashes",
          "[gate][streams]") {
  scene it;
  it.serve(it.deaf);
  it.all->end_throws = true;
  it.tell(open_atom::value);
  CHECK(it.tell(crash_atom::value)->code() == errc::service_crashed);
  it.check_restarted("crash; std::logic_error: end of stream (thrown by the "
                     "end of a stream)");
}

TEST_CASE("a stream between two plain actors works as ever",
          "[gate][streams]") {
  scene it;
  auto to = it.fixture.rig.system().spawn(sink, &it.got);
  it.serve(to);
  it.tell(open_atom::value);
  CHECK(it.streams() == 1);
  CHECK(it.got.size() > 10);
  it.all->ends = true;
  it.fixture.rig.advance(1s);
  CHECK(it.streams() == 0);
  CHECK(it.fixture.all(event_kind::child_failed).empty());
}
