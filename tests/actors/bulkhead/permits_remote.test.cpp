#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/messages/message_types.hpp>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <optional>

// Permits that are acquired from another node, over a real connection and so
// on real threads: they come back when the actor there ends, and when its node
// is lost. The test waits for what follows, not for time.

using namespace bulwark;

namespace {

class node_config : public caf::actor_system_config {
public:
  node_config() {
    load<caf::io::middleman>();
    set("scheduler.max-threads", 2);
    bulwark::add_message_types(*this);
  }
};

/// Another node, with an actor that acquires there what is here.
class elsewhere {
public:
  explicit elsewhere(uint16_t port) : system_(config_), self_(system_) {
    auto found = system_.middleman().remote_actor("127.0.0.1", port);
    if (!found)
      throw std::runtime_error{system_.render(found.error())};
    pool_ = *found;
  }

  template <class Answer, class Request>
  std::optional<Answer> ask(const Request& what) {
    std::optional<Answer> result;
    (*self_)
      ->request(pool_, std::chrono::seconds{20}, what)
      .receive([&](Answer& x) { result = std::move(x); },
               [&](caf::error& x) { code = code_of(x, errc{}); });
    return result;
  }

  bool release(uint64_t id) {
    bool done = false;
    (*self_)
      ->request(pool_, std::chrono::seconds{20}, release_permits{id})
      .receive([&] { done = true; },
               [&](caf::error& x) { code = code_of(x, errc{}); });
    return done;
  }

  /// The actor ends, its node stays.
  void end_actor() { self_.reset(); }

  /// Closes all connections, without a word about the actor.
  void cut() {
    auto broker =
      system_.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
    caf::anon_send_exit(broker, caf::exit_reason::kill);
  }

  errc code{};

private:
  node_config config_;
  caf::actor_system system_;
  std::optional<caf::scoped_actor> self_;
  caf::actor pool_;
};

} // namespace

TEST_CASE("what another node's actor holds comes back when that is gone",
          "[bulkhead][remote]") {
  node_config config;
  caf::actor_system here{config};
  bulkhead pool{
    here,
    "db",
    {.capacity = 3, .queue = 5, .queue_timeout = std::chrono::minutes{1}}};
  auto port = here.middleman().publish(pool.handle(), 0, "127.0.0.1");
  REQUIRE(port);
  auto core = pool.core();
  {
    elsewhere other{*port};
    auto first = other.ask<permit>(acquire_permits{.amount = 2});
    REQUIRE(first);
    CHECK(core->use() == 2);
    CHECK_FALSE(other.release(first->id + 1));
    CHECK(other.code == errc::not_held);
    CHECK(other.release(first->id));
    CHECK(core->use() == 0);
    REQUIRE(other.ask<permit>(acquire_permits{.amount = 3}));
    CHECK(core->use() == 3);
    caf::scoped_actor self{here};
    auto waits = self->request(pool.handle(), caf::infinite, acquire_permits{});
    if (GENERATE(true, false))
      other.end_actor();
    else
      other.cut();
    // Granted as soon as the three came back.
    bool granted = false;
    waits.receive([&](const permit&) { granted = true; },
                  [](const caf::error& x) { FAIL(describe(x)); });
    CHECK(granted);
    CHECK(core->use() == 1);
  }
  pool.stop();
}
