#include "actors/bulkhead/manager_stage.hpp"

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

class late_stage : public manager_stage {
public:
  explicit late_stage(bulkhead_options options = {.capacity = 8,
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
  late_stage stage;
  auto held = std::make_shared<asked>();
  auto holder = stage.holder(held);
  auto notes = std::make_shared<asked>();
  auto client = stage.spawn(notes, GENERATE(false, true));
  for (int i = 0; i < 8; ++i)
    stage.tell(client, {caf::duration{200ms}});
  stage.rig.advance(200ms);
  REQUIRE(notes->errors.size() == 8);
  stage.tell(holder, release_all{});
  CHECK(notes->got.empty());
  CHECK(stage.use() == 0);
  // Nothing is lost, and nothing came back twice.
  stage.tell(client, {caf::infinite, {.amount = 8}});
  REQUIRE(notes->got.size() == 1);
  CHECK(stage.use() == 8);
  stage.tell(client, {caf::duration{200ms}});
  CHECK(stage.use() == 8);
}

TEST_CASE("whoever is next gets a permit that was granted too late",
          "[bulkhead][late]") {
  late_stage stage;
  auto held = std::make_shared<asked>();
  auto holder = stage.holder(held);
  auto gave_up = std::make_shared<asked>();
  auto first = stage.spawn(gave_up);
  auto notes = std::make_shared<asked>();
  auto second = stage.spawn(notes);
  stage.tell(first, {caf::duration{200ms}, {.amount = 8}});
  stage.tell(second, {caf::infinite, {.amount = 8}});
  stage.rig.advance(200ms);
  stage.tell(holder, release_all{});
  CHECK(gave_up->got.empty());
  REQUIRE(notes->got.size() == 1);
  CHECK(stage.use() == 8);
}

TEST_CASE("who got a permit after a wait keeps it", "[bulkhead][late]") {
  late_stage stage;
  auto held = std::make_shared<asked>();
  auto holder = stage.holder(held);
  auto notes = std::make_shared<asked>();
  auto client = stage.spawn(notes);
  stage.tell(client, {caf::duration{1s}, {.amount = 3}});
  stage.rig.advance(500ms);
  stage.tell(holder, release_all{});
  REQUIRE(notes->got.size() == 1);
  CHECK(notes->got[0].amount == 3);
  stage.rig.advance(1h);
  CHECK(stage.use() == 3);
  stage.tell(client, release_all{});
  CHECK(stage.use() == 0);
  CHECK(stage.reclaimed().empty());
}

TEST_CASE("a permit for an actor that ends before it reads comes back once",
          "[bulkhead][late]") {
  late_stage stage;
  auto held = std::make_shared<asked>();
  auto holder = stage.holder(held);
  std::optional<caf::scoped_actor> self{stage.rig.system()};
  (*self)->send(stage.pool.handle(), acquire_permits{});
  stage.rig.run();
  stage.tell(holder, release_all{});
  CHECK(stage.use() == 1);
  self.reset();
  stage.rig.run();
  CHECK(stage.use() == 0);
  stage.rig.advance(1min);
  CHECK(stage.use() == 0);
}

TEST_CASE("a blocking actor that gave up keeps no permit", "[bulkhead][late]") {
  late_stage stage;
  auto held = std::make_shared<asked>();
  auto holder = stage.holder(held);
  caf::scoped_actor self{stage.rig.system()};
  auto answer =
    self->request(stage.pool.handle(), 200ms, acquire_permits{.amount = 2});
  stage.rig.advance(200ms);
  bool gave_up = false;
  answer.receive([](const permit&) { FAIL("granted"); },
                 [&](const caf::error&) { gave_up = true; });
  REQUIRE(gave_up);
  stage.tell(holder, release_all{});
  // CAF keeps the answer in the mailbox until the actor ends.
  CHECK(stage.use() == 2);
  stage.rig.advance(permit_unread_max);
  CHECK(stage.use() == 0);
  auto told = stage.reclaimed();
  REQUIRE(told.size() == 1);
  CHECK(told[0].reason == "nobody has read the answer for 10s");
  stage.rig.advance(1min);
  CHECK(stage.use() == 0);
}

TEST_CASE("who looks too late finds an empty permit", "[bulkhead][late]") {
  late_stage stage;
  caf::scoped_actor self{stage.rig.system()};
  auto receive = [&](auto& answer) {
    permit result;
    answer.receive([&](const permit& x) { result = x; },
                   [](const caf::error& x) { FAIL(describe(x)); });
    return result;
  };
  auto ask = [&] {
    auto result = self->request(stage.pool.handle(), caf::infinite,
                                acquire_permits{.amount = 2});
    stage.rig.run();
    return result;
  };
  auto in_time = ask();
  stage.rig.advance(permit_unread_max - 1ms);
  CHECK(receive(in_time));
  CHECK(stage.use() == 2);
  auto too_late = ask();
  stage.rig.advance(permit_unread_max);
  CHECK(stage.use() == 2);
  auto got = receive(too_late);
  CHECK_FALSE(got);
  CHECK(got == permit{"db", 0, 0});
  CHECK(stage.use() == 2);
}

TEST_CASE("a far timer of a bulkhead is set once", "[bulkhead][late]") {
  late_stage stage{{.capacity = 8, .queue = 100, .queue_timeout = 2h}};
  auto held = std::make_shared<asked>();
  auto holder = stage.holder(held);
  auto notes = std::make_shared<asked>();
  auto client = stage.spawn(notes);
  stage.manager.stop();
  stage.rig.run();
  stage.tell(client, {caf::infinite, {.wait = 1h}});
  for (int i = 0; i < 100; ++i) {
    stage.tell(client, {caf::infinite, {.wait = 1s}});
    stage.rig.advance(1s);
  }
  REQUIRE(notes->errors.size() == 100);
  stage.rig.advance(1h - 101s);
  REQUIRE(notes->errors.size() == 100);
  CHECK(stage.rig.advance(1s) == 1);
  CHECK(notes->errors.size() == 101);
}
