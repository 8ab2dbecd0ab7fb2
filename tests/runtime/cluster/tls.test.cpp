// Who gets in where nodes have certificates, over real sockets.

#include "runtime/cluster/island.hpp"
#include "runtime/cluster/raw_client.hpp"
#include "runtime/cluster/tls_client.hpp"
#include "support/authority.hpp"
#include "support/temp_folder.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/cluster/detail/dial_attempt.hpp>
#include <bulwark/cluster/detail/hello.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>

using bulwark::event_kind;
using bulwark::detail::certificate_keeper;
using bulwark::detail::wire;
using bulwark::detail::wire_side;
using Catch::Contains;
using test::authority;
using test::island;
using test::raw_client;
using test::tls_client;
using namespace std::chrono_literals;

namespace {

struct realm {
  test::temp_folder folder;
  authority ca{folder.path()};

  island::settings node(const std::string& name) {
    island::settings result{.name = name};
    result.tls = ca.issue(name);
    return result;
  }

  island::settings joining(const std::string& name, const island& whom) {
    auto result = node(name);
    result.join = {whom.address()};
    return result;
  }
};

/// A node that offers a service, and one that is let in after all the others.
struct fortress : realm {
  island::settings made() {
    auto result = node("alpha");
    result.services = {"orders"};
    return result;
  }

  island alpha{made()};

  void check_alive() {
    CHECK(alpha.ask("orders", "one") == "orders one");
    island friendly{joining("friend", alpha)};
    friendly.await_event(event_kind::node_joined, "node/alpha");
    CHECK(friendly.ask("orders", "two") == "orders two");
  }

  /// A node that must not be let in; returns what it is told.
  std::string refused(island::settings who) {
    who.join = {alpha.address()};
    island stranger{who};
    auto told =
      stranger.await_event(event_kind::join_failed, "node/" + who.name);
    CHECK(stranger.count(event_kind::node_joined) == 0);
    return told.reason;
  }

  std::string told() {
    return alpha.await_event(event_kind::peer_refused, "node/alpha").reason;
  }
};

/// A program with a certificate that says of itself what it likes.
class impostor {
public:
  impostor(const bulwark::tls_options& files, uint16_t port)
    : hub_(
      wire::make(system_, {.node = "mallory",
                           .certificates = std::make_shared<certificate_keeper>(
                             files, "mallory", bulwark::emitter{})})) {
    bulwark::detail::dial_attempt dial{{"127.0.0.1", port}};
    std::optional<bulwark::detail::dial_attempt::outcome> found;
    test::await("it is connected", [&] {
      found = dial.take();
      return found.has_value();
    });
    auto fresh = hub_->adopt(std::move(found->connection), wire_side::dialled);
    self_
      ->request(hub_->broker(), caf::infinite, caf::connect_atom_v,
                std::move(fresh.scribe), port)
      .receive([&](const caf::node_id&, caf::strong_actor_ptr& other,
                   const std::set<std::string>&) { other_ = other; },
               [](const caf::error& why) { FAIL(bulwark::describe(why)); });
  }

  ~impostor() { hub_->stop(); }

  /// Returns why it is refused, or "".
  std::string greet(const std::string& name) {
    bulwark::hello what;
    what.cluster = "default";
    what.node = name;
    what.boot = 7;
    what.link = what.monitor = what.roles =
      caf::actor_cast<caf::strong_actor_ptr>(self_);
    std::string result;
    self_->request(caf::actor_cast<caf::actor>(other_), 10s, what)
      .receive([](const bulwark::hello&) {},
               [&](const caf::error& why) { result = bulwark::describe(why); });
    return result;
  }

private:
  bulwark::detail::system_config config_;
  caf::actor_system system_{config_};
  std::shared_ptr<wire> hub_;
  caf::scoped_actor self_{system_};
  caf::strong_actor_ptr other_;
};

} // namespace

SCENARIO("nodes with certificates of one authority work together",
         "[cluster][tls]") {
  fortress it;
  island beta{it.joining("beta", it.alpha)};
  auto gate = beta.gate("orders");
  test::await("it is up", [&] { return gate.status().peers_up == 1; });
  // More than a record, and more than the buffers of both kernels.
  const std::string much(6'000'000, 'x');
  CHECK(beta.ask("orders", much) == "orders " + much);
  for (int i = 0; i < 300; ++i) {
    const std::string text(static_cast<size_t>(i) * 97, 'y');
    CHECK(beta.ask("orders", text) == "orders " + text);
  }
  auto links = it.alpha.wires().connections();
  REQUIRE(links.size() == 1);
  CHECK(links[0]->certified() == std::vector<std::string>{"beta"});
}

SCENARIO("a certificate of another authority is refused", "[cluster][tls]") {
  fortress it;
  test::temp_folder elsewhere;
  authority other{elsewhere.path()};
  island::settings who{.name = "beta"};
  who.tls = other.issue("beta");
  // The one that dials looks first.
  CHECK_THAT(it.refused(who), Contains("its certificate is not accepted"));
  // One that trusts this node is refused by it.
  who.tls.authority = it.folder.path() / "ca.crt";
  tls_client stranger{it.alpha.address().port, who.tls};
  CHECK(stranger.closed());
  it.told();
  it.check_alive();
}

SCENARIO("a client without a certificate is refused", "[cluster][tls]") {
  fortress it;
  tls_client stranger{it.alpha.address().port, {}};
  stranger.send(test::frame({.kind = 1}, test::node_id('x')));
  CHECK(stranger.closed());
  CHECK(it.told() == "it has no certificate");
  it.check_alive();
}

SCENARIO("a certificate that has ended is refused", "[cluster][tls]") {
  fortress it;
  auto ended = it.ca.issue("beta", {.begins = -48h, .ends = -24h});
  tls_client stranger{it.alpha.address().port, ended};
  CHECK(stranger.closed());
  CHECK_THAT(it.told(), Contains("has expired"));
  it.check_alive();
}

SCENARIO("a node has no other name than those in its certificate",
         "[cluster][tls]") {
  fortress it;
  impostor mallory{it.ca.issue("mallory"), it.alpha.address().port};
  CHECK_THAT(mallory.greet("beta"),
             Contains("its name is beta, its certificate is for mallory"));
  CHECK(it.alpha.count(event_kind::node_joined) == 0);
  CHECK(mallory.greet("mallory") == "");
  it.alpha.await_event(event_kind::node_joined, "node/mallory");
  it.check_alive();
}

SCENARIO("a node whose name no pattern allows is refused", "[cluster][tls]") {
  realm it;
  auto made = it.node("alpha");
  made.allowed = {"shop-*", "beta"};
  island alpha{made};
  island gamma{it.joining("gamma", alpha)};
  CHECK_THAT(gamma.await_event(event_kind::join_failed, "node/gamma").reason,
             Contains("which no --allow-node of this node allows"));
  island shop{it.joining("shop-7", alpha)};
  shop.await_event(event_kind::node_joined, "node/alpha");
}

SCENARIO("a node of another cluster is refused, also with a certificate",
         "[cluster][tls]") {
  fortress it;
  auto who = it.node("beta");
  who.cluster = "other";
  CHECK_THAT(it.refused(who), Contains("its cluster is other"));
  it.check_alive();
}

SCENARIO("plain does not talk to TLS, nor TLS to plain", "[cluster][tls]") {
  fortress it;
  CHECK_THAT(it.refused({.name = "beta"}),
             Contains("closed") || Contains("speak") || Contains("reset"));
  CHECK(it.told() == "it does not speak TLS, and this node does");
  it.check_alive();
  island plain{{.name = "plain"}};
  island gamma{it.joining("gamma", plain)};
  CHECK_THAT(gamma.await_event(event_kind::join_failed, "node/gamma").reason,
             Contains("TLS"));
  CHECK_THAT(plain.await_event(event_kind::peer_refused, "node/plain").reason,
             Contains("it speaks TLS, and this node does not"));
}

SCENARIO("garbage instead of a handshake of TLS is refused, and told once",
         "[cluster][tls]") {
  fortress it;
  for (const auto& bytes :
       {std::string(2000, '\xff'), std::string("GET / HTTP/1.1\r\n\r\n"),
        std::string("\x16\x03\x01\xff\xff\x01", 6) + std::string(70'000, 'x'),
        test::frame({.payload = 0xffffffff, .data = 3})}) {
    raw_client stranger{it.alpha.address().port};
    stranger.send(bytes);
    CHECK(stranger.closed());
  }
  it.told();
  CHECK(it.alpha.count(event_kind::peer_refused) == 1);
  it.check_alive();
}

SCENARIO("nobody is a node that is connected with another certificate",
         "[cluster][tls]") {
  fortress it;
  island beta{it.joining("beta", it.alpha)};
  it.alpha.await_event(event_kind::node_joined, "node/beta");
  auto links = it.alpha.wires().connections();
  REQUIRE(links.size() == 1);
  auto as_beta = test::frame({.kind = 1}, links[0]->node());
  {
    tls_client mallory{it.alpha.address().port, it.ca.issue("mallory")};
    mallory.send(as_beta);
    CHECK(mallory.closed());
  }
  CHECK_THAT(it.told(), Contains("connected with another certificate"));
  // A second connection of the same node is normal.
  tls_client second{it.alpha.address().port, it.ca.issue("beta")};
  second.send(as_beta);
  test::await("it is taken",
              [&] { return it.alpha.wires().connections().size() == 2; });
  CHECK(it.alpha.count(event_kind::node_lost) == 0);
  it.check_alive();
}

SCENARIO("nobody says hello with actors of another node", "[cluster][wire]") {
  island alpha{{.name = "alpha", .services = {"orders"}}};
  island beta{{.name = "beta", .join = {alpha.address()}}};
  alpha.await_event(event_kind::node_joined, "node/beta");
  bulwark::detail::system_config config;
  caf::actor_system enemy{config};
  auto reach = [&](const island& whom) {
    auto found =
      enemy.middleman().remote_actor(whom.address().host, whom.address().port);
    REQUIRE(found);
    return caf::actor_cast<caf::strong_actor_ptr>(*found);
  };
  auto victim = reach(alpha);
  caf::scoped_actor self{enemy};
  auto own = caf::actor_cast<caf::strong_actor_ptr>(self);
  bulwark::hello honest;
  honest.cluster = "default";
  honest.node = "gamma";
  honest.boot = 7;
  honest.link = honest.monitor = honest.roles = own;
  using lie = std::function<void(bulwark::hello&)>;
  const auto theirs = reach(beta);
  for (const auto& told :
       {lie{[&](auto& x) { x.link = theirs; }},
        lie{[&](auto& x) { x.link = victim; }},
        lie{[&](auto& x) { x.monitor = theirs; }},
        lie{[&](auto& x) { x.roles = theirs; }}, lie{[&](auto& x) {
          x.offers = {{"orders", theirs}};
        }}}) {
    auto forged = honest;
    told(forged);
    self->request(caf::actor_cast<caf::actor>(victim), 10s, forged)
      .receive([](const bulwark::hello&) { FAIL("it was let in"); },
               [](const caf::error& why) {
                 CHECK_THAT(bulwark::describe(why),
                            Contains("it names actors of another node"));
               });
  }
  CHECK(alpha.count(event_kind::node_joined) == 1);
  CHECK(alpha.ask("orders", "one") == "orders one");
}

SCENARIO("who is connected starts no actors through CAF's own server",
         "[cluster][wire]") {
  static std::atomic<int> started{0};
  auto idler = [](caf::event_based_actor*) -> caf::behavior {
    ++started;
    return {[](caf::unit_t) {}};
  };
  island alpha{
    {.name = "alpha", .services = {"orders"}, .types = [&](auto& config) {
       config.add_actor_type("idler", idler);
     }}};
  // It is a type that this program would start.
  auto args = caf::make_message();
  REQUIRE(alpha.system().spawn<caf::actor>("idler", args));
  test::await("it has started", [&] { return started == 1; });
  bulwark::detail::system_config config;
  caf::actor_system enemy{config};
  auto link =
    enemy.middleman().remote_actor(alpha.address().host, alpha.address().port);
  REQUIRE(link);
  CHECK_FALSE(enemy.middleman().remote_spawn<caf::actor>((*link)->node(),
                                                         "idler", args, 500ms));
  CHECK(alpha.ask("orders", "one") == "orders one");
  CHECK(started == 1);
}
