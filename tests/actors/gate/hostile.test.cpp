#include "actors/gate/gate_fixture.hpp"

#include <bulwark/calls/envelope.hpp>
#include <bulwark/gate/detail/gate_command.hpp>

#include <catch2/catch.hpp>

// Whatever is sent to a gate, it goes on serving, and so does the service.

using namespace bulwark;
using namespace std::chrono_literals;
using test::client;
using test::gate_fixture;

namespace {

caf::strong_actor_ptr pointer_to(const caf::actor& who) {
  return caf::actor_cast<caf::strong_actor_ptr>(who);
}

caf::error poison() {
  return caf::make_error(caf::sec::runtime_error, "poison");
}

/// A gate under attack by mallory.
struct siege {
  gate_fixture fixture;
  const test::service& echo = fixture.work("echo");
  client mallory{fixture.rig};

  void send(caf::message what) {
    fixture.forge(echo.handle(), pointer_to(mallory.handle()), what);
    fixture.forge(echo.handle(), nullptr, std::move(what));
  }

  /// Returns the answer to a request with this content.
  caf::error ask(const caf::message& what) {
    auto asked = fixture.ask(echo.handle(), what);
    CHECK_FALSE(asked->open());
    return asked->error;
  }

  /// Whatever happened before, all of this still holds.
  void check_unharmed() {
    CHECK_FALSE(mallory.ended());
    CHECK(fixture.room("echo").incarnations == 1);
    CHECK(fixture.ask(echo.handle(), 7)->value == 7);
    CHECK(test::open_requests(echo.gate) == 0);
    fixture.ask(echo.handle(), test::boom_atom::value);
    auto waits = fixture.ask(echo.handle(), 8);
    fixture.rig.advance(100ms);
    CHECK(waits->value == 8);
    CHECK(fixture.room("echo").incarnations == 2);
  }
};

bool is_not_supported(const caf::error& what) {
  return code_of(what, errc{}) == errc::not_supported;
}

} // namespace

TEST_CASE("exit messages do not end a gate", "[gate][hostile]") {
  siege it;
  auto reason = GENERATE(caf::exit_reason::normal, caf::exit_reason::kill,
                         caf::exit_reason::user_shutdown,
                         caf::exit_reason::unhandled_exception);
  caf::anon_send_exit(it.echo.handle(), reason);
  it.fixture.rig.run();
  auto replica = it.fixture.room("echo").replica;
  for (auto& from : {it.mallory.handle(), it.echo.handle(), replica})
    it.send(caf::make_message(caf::exit_msg{from->address(), reason}));
  CHECK(is_not_supported(it.ask(
    caf::make_message(caf::exit_msg{it.mallory.handle()->address(), reason}))));
  CHECK(it.echo.gate.status().replicas_up == 1);
  auto told = it.fixture.all(event_kind::message_refused);
  REQUIRE(told.size() == 1);
  CHECK(told[0].component == "/root/echo");
  it.check_unharmed();
}

TEST_CASE("refused messages are counted and told once a second",
          "[gate][hostile]") {
  siege it;
  auto kill = [&](int times) {
    for (int i = 0; i < times; ++i)
      caf::anon_send_exit(it.echo.handle(), caf::exit_reason::kill);
    it.fixture.rig.run();
  };
  kill(1000);
  it.fixture.rig.advance(1s);
  kill(10);
  auto told = it.fixture.all(event_kind::message_refused);
  REQUIRE(told.size() == 2);
  CHECK(told[0].metadata.at(0).second == "1");
  CHECK(told[1].metadata.at(0).second == "1000");
  it.check_unharmed();
}

TEST_CASE("a linked client that dies does not take the gate along",
          "[gate][hostile]") {
  siege it;
  auto reason =
    GENERATE(caf::exit_reason::kill, caf::exit_reason::user_shutdown);
  client victim{it.fixture.rig};
  victim.does(
    [&](caf::event_based_actor* self) { self->link_to(it.echo.handle()); });
  caf::anon_send_exit(victim.handle(), reason);
  it.fixture.rig.run();
  CHECK(victim.ended());
  it.check_unharmed();
}

TEST_CASE("messages of CAF itself, as a send and as a request",
          "[gate][hostile]") {
  siege it;
  auto me = it.mallory.handle()->address();
  auto content = GENERATE_COPY(
    caf::make_message(caf::down_msg{me, poison()}), caf::make_message(poison()),
    caf::make_message(caf::group_down_msg{}),
    caf::make_message(caf::timeout_msg{caf::atom("receive"), 1}),
    caf::make_message(caf::timeout_msg{caf::atom("stream"), 1}),
    caf::make_message(caf::open_stream_msg{
      1, caf::make_message(), nullptr, nullptr, caf::stream_priority::normal}));
  it.send(content);
  CHECK(is_not_supported(it.ask(content)));
  CHECK(it.fixture.room("echo").handled.empty());
  it.check_unharmed();
}

TEST_CASE("messages in the lanes of streams are dropped", "[gate][hostile]") {
  siege it;
  auto me = it.mallory.handle()->address();
  auto up =
    caf::make_message(caf::upstream_msg{{1, 2}, me, caf::upstream_msg::drop{}});
  auto down = caf::make_message(
    caf::downstream_msg{{1, 2}, me, caf::downstream_msg::close{}});
  for (auto& content : {up, down, caf::make_message(42), caf::message{}}) {
    it.send(content);
    for (auto category : {caf::message_id::upstream_message_category,
                          caf::message_id::downstream_message_category})
      it.fixture.forge(it.echo.handle(), pointer_to(it.mallory.handle()),
                       content, caf::make_message_id().with_category(category));
  }
  it.fixture.events.clear();
  it.check_unharmed();
}

TEST_CASE("answers to questions that a gate never asked are dropped",
          "[gate][hostile]") {
  siege it;
  for (uint64_t low : {uint64_t{1}, uint64_t{1} << 59, ~uint64_t{0} >> 8})
    for (auto& content :
         {caf::make_message(1), caf::make_message(poison()), caf::message{}})
      it.fixture.forge(it.echo.handle(), pointer_to(it.mallory.handle()),
                       content, caf::make_message_id(low).response_id());
  // Told, so they never stood in the gate's mailbox.
  CHECK(it.fixture.all(event_kind::message_refused).size() == 1);
  it.check_unharmed();
}

TEST_CASE("what a gate is, it says itself", "[gate]") {
  siege it;
  caf::scoped_actor self{it.fixture.rig.system()};
  auto asked = self->request(it.echo.handle(), caf::infinite, caf::sys_atom_v,
                             caf::get_atom_v, std::string{"info"});
  it.fixture.rig.run();
  std::string name;
  asked.receive(
    [&](caf::ok_atom, const std::string&, caf::strong_actor_ptr who,
        const std::string& text) {
      CHECK(who == pointer_to(it.echo.handle()));
      name = text;
    },
    [](caf::error&) {});
  CHECK(name == "bulwark.gate");
  CHECK(it.ask(caf::make_message(caf::sys_atom_v, caf::get_atom_v,
                                 std::string{"nothing"})));
  CHECK(it.fixture.room("echo").handled.empty());
  // The same words with another meaning are the service's.
  CHECK(it.ask(caf::make_message(caf::atom("a"), caf::atom("b"),
                                 std::string{"info"}))
        == caf::sec::unexpected_message);
  it.check_unharmed();
}

TEST_CASE("a command to a gate that comes as a request is refused",
          "[gate][hostile]") {
  siege it;
  CHECK(is_not_supported(
    it.ask(caf::make_message(detail::gate_command{detail::gate_stop{}}))));
  it.check_unharmed();
}

TEST_CASE("messages that nobody knows end neither sender nor service",
          "[gate][hostile]") {
  siege it;
  for (auto& content :
       {caf::make_message(1.5), caf::make_message(1, 2, 3), caf::message{},
        caf::make_message(caf::exit_msg{}, 1)}) {
    it.send(content);
    CHECK(it.ask(content) == caf::sec::unexpected_message);
  }
  CHECK(it.fixture.count(event_kind::dead_letter) == 8);
  it.check_unharmed();
}

TEST_CASE("a forged envelope is served or refused", "[gate][hostile]") {
  siege it;
  auto put = [&](int64_t remaining_us, caf::message content) {
    return caf::make_message(envelope{remaining_us,
                                      {.key = "key"},
                                      pointer_to(it.mallory.handle()),
                                      std::move(content)});
  };
  constexpr auto most = std::numeric_limits<int64_t>::max();
  SECTION("with no time left") {
    for (auto us : {int64_t{0}, int64_t{-1}, -most - 1})
      CHECK(code_of(it.ask(put(us, caf::make_message(1))), errc{})
            == errc::timed_out);
    it.send(put(-5, caf::make_message(1)));
    CHECK(it.fixture.room("echo").handled.empty());
  }
  SECTION("with more time than there is") {
    CHECK_FALSE(it.ask(put(most, caf::make_message(1))));
    it.fixture.ask(it.echo.handle(),
                   put(most, caf::make_message(test::drop_atom::value)));
    CHECK(it.echo.gate.status().in_flight == 1);
    // The gate's own limit holds.
    it.fixture.rig.advance(36s);
    CHECK(it.echo.gate.status().in_flight == 0);
  }
  SECTION("as a plain send") {
    it.send(put(1'000'000, caf::make_message(1)));
    CHECK(it.fixture.room("echo").handled == std::vector{1, 1});
    CHECK(it.mallory.book().inbox.size() == 1);
    it.send(put(1'000'000, caf::make_message(1.5)));
    CHECK(it.fixture.count(event_kind::dead_letter) == 2);
  }
  SECTION("with nothing in it") {
    CHECK(it.ask(put(1'000'000, caf::message{}))
          == caf::sec::unexpected_message);
    it.send(caf::make_message(envelope{}));
  }
  SECTION("with what gates do not let in") {
    auto me = it.mallory.handle()->address();
    for (auto& content :
         {caf::make_message(caf::exit_msg{me, caf::exit_reason::kill}),
          caf::make_message(caf::down_msg{me, poison()}),
          caf::make_message(poison()),
          caf::make_message(caf::open_stream_msg{}),
          caf::make_message(caf::timeout_msg{caf::atom("receive"), 1}),
          put(1'000'000, caf::make_message(1))}) {
      CHECK(is_not_supported(it.ask(put(1'000'000, content))));
      it.send(put(1'000'000, content));
    }
    CHECK(it.fixture.room("echo").handled.empty());
  }
  it.check_unharmed();
}
