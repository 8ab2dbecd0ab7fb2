#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/errors/errc.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;
using test::supervision_fixture;

namespace {

/// A client that only ever reacts as CAF's defaults do.
caf::behavior plain_client(caf::event_based_actor* self) {
  return {
    [self](const caf::actor& x) { self->link_to(x); },
  };
}

/// Sends `content` to `to` as if from `from`, under the id `mid`.
void forge(supervision_fixture& fixture, const caf::actor& to,
           caf::strong_actor_ptr from, caf::message content,
           caf::message_id mid = caf::make_message_id()) {
  to->enqueue(
    caf::make_mailbox_element(std::move(from), mid, {}, std::move(content)),
    nullptr);
  fixture.rig.run();
}

caf::error poison() {
  return caf::make_error(caf::sec::runtime_error, "poison");
}

/// Everything a client could think of, against `victim`, whose child is
/// `child`.
void attack(supervision_fixture& fixture, const caf::actor& victim,
            const caf::actor& child) {
  auto client = fixture.rig.system().spawn(plain_client);
  auto source = caf::actor_cast<caf::strong_actor_ptr>(client);
  auto child_ptr = caf::actor_cast<caf::strong_actor_ptr>(child);
  SECTION("exit messages, also forged ones") {
    for (auto reason :
         {caf::exit_reason::normal, caf::exit_reason::kill,
          caf::exit_reason::user_shutdown, caf::exit_reason::unreachable}) {
      caf::anon_send_exit(victim, reason);
      fixture.rig.run();
      for (auto& from : {client, child, victim})
        forge(fixture, victim, source,
              caf::make_message(caf::exit_msg{from->address(), reason}));
      forge(fixture, victim, child_ptr,
            caf::make_message(caf::exit_msg{child->address(), reason}),
            caf::make_message_id(caf::message_priority::high));
    }
  }
  SECTION("a linked client that dies") {
    caf::anon_send(client, victim);
    caf::anon_send_exit(client, caf::exit_reason::kill);
    fixture.rig.run();
    CHECK(fixture.ended(client));
  }
  SECTION("down messages with its own child as source") {
    for (auto& from : {client, child, victim})
      forge(fixture, victim, child_ptr,
            caf::make_message(caf::down_msg{from->address(), poison()}));
    caf::anon_send(victim, caf::group_down_msg{});
    fixture.rig.run();
  }
  SECTION("errors, also as an answer") {
    forge(fixture, victim, source, caf::make_message(poison()));
    forge(fixture, victim, child_ptr, caf::make_message(poison()));
    forge(fixture, victim, source, caf::make_message(poison()),
          caf::make_message_id(3).response_id());
    forge(fixture, victim, source, caf::make_message(1, 2, 3),
          caf::make_message_id(4).response_id());
  }
  SECTION("timeouts that nobody set") {
    forge(fixture, victim, source,
          caf::make_message(caf::timeout_msg{caf::atom("receive"), 1}));
    forge(fixture, victim, source,
          caf::make_message(caf::timeout_msg{caf::atom("stream"), 1}));
  }
  SECTION("stream messages") {
    forge(fixture, victim, source,
          caf::make_message(caf::upstream_msg{caf::stream_slots{1, 2},
                                              client->address(),
                                              caf::upstream_msg::drop{}}));
    forge(fixture, victim, source,
          caf::make_message(caf::downstream_msg{caf::stream_slots{1, 2},
                                                client->address(),
                                                caf::downstream_msg::close{}}));
    forge(
      fixture, victim, source,
      caf::make_message(caf::open_stream_msg{
        1, caf::make_message(), source, source, caf::stream_priority::normal}));
  }
  SECTION("what claims to be a stream message and is not") {
    for (auto category : {caf::message_id::upstream_message_category,
                          caf::message_id::downstream_message_category})
      forge(fixture, victim, source, caf::make_message(42),
            caf::make_message_id().with_category(category));
    auto told = fixture.all(event_kind::message_refused);
    REQUIRE(told.size() == 1);
    CHECK_THAT(told[0].reason, Catch::StartsWith("stream message"));
  }
  SECTION("messages nobody knows do not end the one who sends them") {
    forge(fixture, victim, source, caf::make_message(test::unheard_of{1}));
    forge(fixture, victim, source, caf::make_message("text", 1.5));
    forge(fixture, victim, source, caf::message{});
    forge(fixture, victim, nullptr, caf::make_message(test::unheard_of{2}));
    forge(fixture, victim, source,
          caf::make_message(child_counts_request{}, which_children{}));
    CHECK_FALSE(fixture.ended(client));
    // CAF itself answers this one.
    forge(fixture, victim, source,
          caf::make_message(caf::atom("sys"), caf::atom("get"),
                            std::string{"nothing"}));
  }
  CHECK_FALSE(fixture.ended(victim));
}

} // namespace

TEST_CASE("whatever a client sends, the supervisor goes on",
          "[supervisor][hostile]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings(
    {fixture.puppet("a", {.jitter = 0}), fixture.puppet("b")}));
  attack(fixture, top, fixture.current("a"));
  CHECK(fixture.info(top, "a").incarnation == 1);
  CHECK(fixture.state(top, "a") == child_state::up);
  fixture.crash("a");
  fixture.rig.advance(100ms);
  CHECK(fixture.info(top, "a").incarnation == 2);
  CHECK(fixture.state(top, "a") == child_state::up);
}

TEST_CASE("whatever a client sends, the monitor goes on",
          "[monitor][hostile]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({fixture.puppet("a")}));
  attack(fixture, fixture.monitor.handle, fixture.current("a"));
  auto before = fixture.events.size();
  fixture.crash("a");
  fixture.rig.advance(1s);
  CHECK(fixture.events.size() == before + 2);
  auto counts =
    fixture.ask<event_counts>(fixture.monitor.handle, event_counts_request{});
  CHECK(counts.events == fixture.events.size());
}

TEST_CASE("a request nobody knows is answered with an error", "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({}));
  caf::scoped_actor self{fixture.rig.system()};
  auto answer = [&](auto&& content) {
    auto asked = self->request(top, caf::infinite,
                               std::forward<decltype(content)>(content));
    fixture.rig.run();
    caf::error result;
    asked.receive([](int) {}, [&](caf::error& x) { result = std::move(x); });
    return result;
  };
  CHECK(answer(test::unheard_of{1}) == caf::sec::unexpected_message);
  auto refused = answer(caf::open_stream_msg{});
  REQUIRE(refused);
  CHECK(refused.code() == static_cast<uint8_t>(errc::not_supported));
}

TEST_CASE("refused messages are told once a second, with their number",
          "[supervisor]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings({}));
  auto kill = [&](int times) {
    for (int i = 0; i < times; ++i)
      caf::anon_send_exit(top, caf::exit_reason::kill);
    fixture.rig.run();
  };
  kill(1000);
  auto told = fixture.all(event_kind::message_refused);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/s");
  CHECK(told[0].reason == "exit message");
  CHECK(test::metadata_of(told[0], "count") == "1");
  fixture.rig.advance(1s);
  kill(10);
  told = fixture.all(event_kind::message_refused);
  REQUIRE(told.size() == 2);
  CHECK(test::metadata_of(told[1], "count") == "1000");
}

TEST_CASE("a child that links itself to its supervisor harms nobody",
          "[supervisor][hostile]") {
  supervision_fixture fixture;
  auto top = fixture.spawn(fixture.settings(
    {fixture.puppet("a", {.jitter = 0}), fixture.puppet("b")}));
  caf::anon_send(fixture.current("a"), top);
  fixture.crash("a");
  fixture.rig.advance(100ms);
  CHECK_FALSE(fixture.ended(top));
  CHECK(fixture.info(top, "a").incarnation == 2);
  CHECK(fixture.info(top, "b").incarnation == 1);
}
