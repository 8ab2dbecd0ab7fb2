#include "actors/bulkhead/manager_fixture.hpp"

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

// Goal: a permit that is granted to an actor that has given up meanwhile comes
// back, however it gave up; whoever got one keeps it. And a bulkhead sets no
// timer twice.

using namespace bulwark;
using namespace std::chrono_literals;
using namespace test;

namespace {

/// To an asker: ask for a permit, and give up after so long.
struct ask_for {
  caf::duration patience;
  acquire_permits what = {};
};

/// To an asker: release what it has got.
struct release_all {};

/// What an asker has got, and was told.
struct asked {
  std::vector<permit> got;
  std::vector<caf::error> errors;
};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(ask_for)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(release_all)

namespace {

/// An actor that lives on, whatever it is told.
caf::behavior asker(caf::event_based_actor* self, caf::actor pool,
                    std::shared_ptr<asked> notes, bool by_name) {
  auto note = [notes](const permit& got) { notes->got.push_back(got); };
  auto fail = [notes](const caf::error& why) { notes->errors.push_back(why); };
  return {
    [=](const ask_for& x) {
      if (by_name)
        self->request(pool, x.patience, at_bulkhead{"db"}, x.what)
          .then(note, fail);
      else
        self->request(pool, x.patience, x.what).then(note, fail);
    },
    [=](release_all) {
      for (const auto& each : notes->got)
        self->send(pool, release_permits{each.id});
      notes->got.clear();
    },
  };
}

class late_fixture : public manager_fixture {
public:
  explicit late_fixture(bulkhead_options options = {.capacity = 8,
                                                    .queue = 100,
                                                    .queue_timeout = 5s})
    : pool(add("db", options)) {}

  caf::actor spawn(std::shared_ptr<asked> notes, bool by_name = false) {
    return rig.system().spawn(asker, by_name ? manager.handle() : pool.handle(),
                              std::move(notes), by_name);
  }

  void tell(const caf::actor& who, ask_for what) {
    caf::anon_send(who, std::move(what));
    rig.run();
  }

  void tell(const caf::actor& who, release_all what) {
    caf::anon_send(who, what);
    rig.run();
  }

  /// All eight permits.
  caf::actor holder(const std::shared_ptr<asked>& notes) {
    auto result = spawn(notes);
    tell(result, {caf::infinite, {.amount = 8}});
    REQUIRE(use() == 8);
    return result;
  }

  uint64_t use() const { return pool.core()->use(); }

  std::vector<event> reclaimed() const {
    std::vector<event> result;
    for (const auto& each : events)
      if (each.kind == event_kind::permits_reclaimed)
        result.push_back(each);
    return result;
  }

  bulkhead pool;
};

} // namespace

TEST_CASE("a permit for a request that has timed out comes back",
          "[bulkhead][late]") {
  late_fixture fixture;
  auto held = std::make_shared<asked>();
  auto holder = fixture.holder(held);
  auto notes = std::make_shared<asked>();
  auto client = fixture.spawn(notes, GENERATE(false, true));
  for (int i = 0; i < 8; ++i)
    fixture.tell(client, {caf::duration{200ms}});
  fixture.rig.advance(200ms);
  REQUIRE(notes->errors.size() == 8);
  fixture.tell(holder, release_all{});
  CHECK(notes->got.empty());
  CHECK(fixture.use() == 0);
  // Nothing is lost, and nothing came back twice.
  fixture.tell(client, {caf::infinite, {.amount = 8}});
  REQUIRE(notes->got.size() == 1);
  CHECK(fixture.use() == 8);
  fixture.tell(client, {caf::duration{200ms}});
  CHECK(fixture.use() == 8);
}

TEST_CASE("whoever is next gets a permit that was granted too late",
          "[bulkhead][late]") {
  late_fixture fixture;
  auto held = std::make_shared<asked>();
  auto holder = fixture.holder(held);
  auto gave_up = std::make_shared<asked>();
  auto first = fixture.spawn(gave_up);
  auto notes = std::make_shared<asked>();
  auto second = fixture.spawn(notes);
  fixture.tell(first, {caf::duration{200ms}, {.amount = 8}});
  fixture.tell(second, {caf::infinite, {.amount = 8}});
  fixture.rig.advance(200ms);
  fixture.tell(holder, release_all{});
  CHECK(gave_up->got.empty());
  REQUIRE(notes->got.size() == 1);
  CHECK(fixture.use() == 8);
}

TEST_CASE("who got a permit after a wait keeps it", "[bulkhead][late]") {
  late_fixture fixture;
  auto held = std::make_shared<asked>();
  auto holder = fixture.holder(held);
  auto notes = std::make_shared<asked>();
  auto client = fixture.spawn(notes);
  fixture.tell(client, {caf::duration{1s}, {.amount = 3}});
  fixture.rig.advance(500ms);
  fixture.tell(holder, release_all{});
  REQUIRE(notes->got.size() == 1);
  CHECK(notes->got[0].amount == 3);
  fixture.rig.advance(1h);
  CHECK(fixture.use() == 3);
  fixture.tell(client, release_all{});
  CHECK(fixture.use() == 0);
  CHECK(fixture.reclaimed().empty());
}

TEST_CASE("a permit for an actor that ends before it reads comes back once",
          "[bulkhead][late]") {
  late_fixture fixture;
  auto held = std::make_shared<asked>();
  auto holder = fixture.holder(held);
  std::optional<caf::scoped_actor> self{fixture.rig.system()};
  (*self)->send(fixture.pool.handle(), acquire_permits{});
  fixture.rig.run();
  fixture.tell(holder, release_all{});
  CHECK(fixture.use() == 1);
  self.reset();
  fixture.rig.run();
  CHECK(fixture.use() == 0);
  fixture.rig.advance(1min);
  CHECK(fixture.use() == 0);
}

TEST_CASE("a blocking actor that gave up keeps no permit", "[bulkhead][late]") {
  late_fixture fixture;
  auto held = std::make_shared<asked>();
  auto holder = fixture.holder(held);
  caf::scoped_actor self{fixture.rig.system()};
  auto answer =
    self->request(fixture.pool.handle(), 200ms, acquire_permits{.amount = 2});
  fixture.rig.advance(200ms);
  bool gave_up = false;
  answer.receive([](const permit&) { FAIL("granted"); },
                 [&](const caf::error&) { gave_up = true; });
  REQUIRE(gave_up);
  fixture.tell(holder, release_all{});
  // CAF keeps the answer in the mailbox until the actor ends.
  CHECK(fixture.use() == 2);
  fixture.rig.advance(permit_unread_max);
  CHECK(fixture.use() == 0);
  auto told = fixture.reclaimed();
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == "nobody has read the answer for 10s");
  fixture.rig.advance(1min);
  CHECK(fixture.use() == 0);
}

TEST_CASE("who looks too late finds an empty permit", "[bulkhead][late]") {
  late_fixture fixture;
  caf::scoped_actor self{fixture.rig.system()};
  auto receive = [&](auto& answer) {
    permit result;
    answer.receive([&](const permit& x) { result = x; },
                   [](const caf::error& x) { FAIL(describe(x)); });
    return result;
  };
  auto ask = [&] {
    auto result = self->request(fixture.pool.handle(), caf::infinite,
                                acquire_permits{.amount = 2});
    fixture.rig.run();
    return result;
  };
  auto in_time = ask();
  fixture.rig.advance(permit_unread_max - 1ms);
  CHECK(receive(in_time));
  CHECK(fixture.use() == 2);
  auto too_late = ask();
  fixture.rig.advance(permit_unread_max);
  CHECK(fixture.use() == 2);
  auto got = receive(too_late);
  CHECK_FALSE(got);
  CHECK(got == permit{"db", 0, 0});
  CHECK(fixture.use() == 2);
}

TEST_CASE("a far timer of a bulkhead is set once", "[bulkhead][late]") {
  late_fixture fixture{{.capacity = 8, .queue = 100, .queue_timeout = 2h}};
  auto held = std::make_shared<asked>();
  auto holder = fixture.holder(held);
  auto notes = std::make_shared<asked>();
  auto client = fixture.spawn(notes);
  fixture.manager.stop();
  fixture.rig.run();
  fixture.tell(client, {caf::infinite, {.wait = 1h}});
  for (int i = 0; i < 100; ++i) {
    fixture.tell(client, {caf::infinite, {.wait = 1s}});
    fixture.rig.advance(1s);
  }
  REQUIRE(notes->errors.size() == 100);
  fixture.rig.advance(1h - 101s);
  REQUIRE(notes->errors.size() == 100);
  CHECK(fixture.rig.advance(1s) == 1);
  CHECK(notes->errors.size() == 101);
}
