// A message or an answer whose type one of two nodes does not know: CAF drops
// it without a word, so that its client waited until its deadline. Over real
// connections, because CAF writes and reads messages only there.

#include "runtime/cluster/island.hpp"

#include <bulwark/caf/caf_error.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

using bulwark::errc;
using bulwark::event_kind;
using test::island;

namespace shop {

struct price_of {
  std::string product;
};

struct price {
  int32_t cents = 0;
};

/// What another version of the program calls "shop.price_of".
struct wider_price_of {
  std::string product;
  std::string currency;
};

/// Holds what no list of types shows.
struct parcel {
  caf::message content;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, price_of& x) {
  return f(caf::meta::type_name("shop.price_of"), x.product);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, price& x) {
  return f(caf::meta::type_name("shop.price"), x.cents);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, wider_price_of& x) {
  return f(caf::meta::type_name("shop.price_of"), x.product, x.currency);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel& x) {
  return f(caf::meta::type_name("shop.parcel"), x.content);
}

} // namespace shop

namespace {

using configure = std::function<void(caf::actor_system_config&)>;

void know_question(caf::actor_system_config& config) {
  config.add_message_type<shop::price_of>("shop.price_of");
}

void know_both(caf::actor_system_config& config) {
  know_question(config);
  config.add_message_type<shop::price>("shop.price");
  config.add_message_type<shop::parcel>("shop.parcel");
}

/// Answers "tea" with a price, "rum" with an error that holds one, and each
/// text with itself.
caf::behavior catalog(caf::event_based_actor*) {
  return {
    [](const shop::price_of& what) -> caf::result<shop::price> {
      if (what.product == "rum")
        return caf::make_error(caf::sec::runtime_error, shop::price{7});
      return shop::price{21};
    },
    [](const std::string& text) { return text; },
    [](const shop::parcel&) { return std::string{"got it"}; },
  };
}

std::string to_text(const shop::price& what) {
  return std::to_string(what.cents);
}

std::string to_text(const std::string& what) {
  return what;
}

/// What became of a request.
struct outcome {
  std::string got = {};
  caf::error why = {};

  errc code() const { return bulwark::code_of(why, errc::stopped); }
};

/// Beta offers a catalog, alpha's clients ask for it.
struct two_nodes {
  island beta;
  island alpha;

  two_nodes(const configure& at_beta, const configure& at_alpha)
    : beta({.name = "beta",
            .others = {{"catalog", bulwark::make_replica_factory(catalog)}},
            .types = at_beta}),
      alpha({.name = "alpha", .join = {beta.address()}, .types = at_alpha}) {
    auto gate = alpha.gate("catalog");
    test::await("catalog is up", [&] { return gate.status().peers_up == 1; });
  }

  template <class Answer, class T>
  outcome ask(T what) {
    caf::scoped_actor self{alpha.system()};
    outcome result;
    self->request(alpha.gate("catalog").handle(), caf::infinite, what)
      .receive([&](const Answer& x) { result.got = to_text(x); },
               [&](caf::error& err) { result.why = std::move(err); });
    return result;
  }

  outcome ask_price(const std::string& product) {
    return ask<shop::price>(shop::price_of{product});
  }

  template <class T>
  void send(T what) {
    caf::anon_send(alpha.gate("catalog").handle(), what);
  }

  /// The connection is as good as it was, and nothing is left in flight.
  void check_unharmed() {
    CHECK(ask<std::string>(std::string{"hello"}).got == "hello");
    CHECK(alpha.gate("catalog").status().in_flight == 0);
    CHECK(alpha.count(event_kind::node_left) == 0);
    CHECK(alpha.count(event_kind::node_lost) == 0);
    CHECK(beta.count(event_kind::node_lost) == 0);
    CHECK(beta.count(event_kind::child_failed) == 0);
  }
};

const std::string advice =
  "register it under the same name on both nodes, before their first gate: "
  "node.message_type<T>(name), or add_message_type of "
  "caf::actor_system_config";

/// The event that tells of it, in the component's own node.
void check_told(island& where, const std::string& reason,
                const std::string& type) {
  auto told = where.await_event(event_kind::message_refused, "/root/catalog");
  CHECK(told.reason == reason);
  REQUIRE_FALSE(told.metadata.empty());
  CHECK(told.metadata[0].first == "type");
  CHECK(told.metadata[0].second == type);
  CHECK(told.level == bulwark::severity::low);
}

} // namespace

SCENARIO("a request whose type its own node does not know is refused there",
         "[cluster][types]") {
  auto known_there = GENERATE(true, false);
  two_nodes it{known_there ? configure{know_both} : configure{}, {}};
  auto got = it.ask_price("tea");
  CHECK(got.code() == errc::message_type);
  auto text = "catalog: the message has the type shop::price_of, which the "
              "node that sends it does not know; "
              + advice;
  CHECK(bulwark::describe(got.why) == text);
  check_told(it.alpha, text, "shop::price_of");
  CHECK(it.beta.count(event_kind::message_refused) == 0);
  it.check_unharmed();
}

SCENARIO("a request whose type the service's node does not know is answered "
         "by that one",
         "[cluster][types]") {
  two_nodes it{{}, know_both};
  auto got = it.ask_price("tea");
  CHECK(got.code() == errc::message_type);
  auto text = "catalog: the message has the type shop.price_of, which the node "
              "of the service does not know; "
              + advice;
  CHECK(bulwark::describe(got.why) == text);
  check_told(it.beta, text, "shop.price_of");
  CHECK(it.alpha.count(event_kind::message_refused) == 0);
  it.check_unharmed();
}

SCENARIO("a plain send whose type a node does not know becomes a dead letter",
         "[cluster][types]") {
  auto known_here = GENERATE(true, false);
  two_nodes it{{}, known_here ? configure{know_both} : configure{}};
  it.send(shop::price_of{"tea"});
  auto letter = it.alpha.await_event(event_kind::dead_letter, "/root/catalog");
  CHECK_THAT(letter.reason,
             Catch::Contains(known_here ? "the type shop.price_of"
                                        : "the type shop::price_of"));
  auto& where = known_here ? it.beta : it.alpha;
  where.await_event(event_kind::message_refused, "/root/catalog");
  it.check_unharmed();
}

SCENARIO("an answer whose type the service's node does not know is refused "
         "there",
         "[cluster][types]") {
  two_nodes it{know_question, know_both};
  auto text = "catalog: the answer has the type shop::price, which the node of "
              "the service does not know; "
              + advice;
  SECTION("a value") {
    auto got = it.ask_price("tea");
    CHECK(got.code() == errc::message_type);
    CHECK(bulwark::describe(got.why) == text);
  }
  SECTION("an error with such a value stays that error") {
    auto got = it.ask_price("rum");
    CHECK(got.why == caf::sec::runtime_error);
    CHECK(bulwark::describe(got.why) == "runtime_error: " + text);
  }
  check_told(it.beta, text, "shop::price");
  it.check_unharmed();
}

SCENARIO("an answer whose type the asking node does not know is told to its "
         "client",
         "[cluster][types]") {
  two_nodes it{know_both, know_question};
  auto text = "catalog: the answer has the type shop.price, which the node "
              "that asked does not know; "
              + advice;
  auto got = it.ask_price("tea");
  CHECK(got.code() == errc::message_type);
  CHECK(bulwark::describe(got.why) == text);
  check_told(it.alpha, text, "shop.price");
  // CAF leaves out of an error what it does not know.
  CHECK(it.ask_price("rum").why == caf::sec::runtime_error);
  it.check_unharmed();
}

SCENARIO("a message that the two nodes read differently is answered with what "
         "went wrong",
         "[cluster][types]") {
  two_nodes it{[](caf::actor_system_config& config) {
                 config.add_message_type<shop::wider_price_of>("shop.price_of");
               },
               know_both};
  auto got = it.ask_price("tea");
  CHECK(got.code() == errc::message_type);
  CHECK(bulwark::describe(got.why)
        == "catalog: the node of the service cannot read the message "
           "(end_of_stream); its types must be registered under the same "
           "names, and their inspect must be the same, on both nodes");
  it.beta.await_event(event_kind::message_refused, "/root/catalog");
  it.check_unharmed();
}

SCENARIO("messages and answers of types that both nodes know arrive",
         "[cluster][types]") {
  two_nodes it{know_both, know_both};
  CHECK(it.ask_price("tea").got == "21");
  auto error = it.ask_price("rum").why;
  CHECK(error == caf::sec::runtime_error);
  REQUIRE(error.context().match_elements<shop::price>());
  CHECK(error.context().get_as<shop::price>(0).cents == 7);
  CHECK(it.ask<std::string>(shop::parcel{caf::make_message(shop::price{1})}).got
        == "got it");
  CHECK(it.alpha.count(event_kind::message_refused) == 0);
  CHECK(it.beta.count(event_kind::message_refused) == 0);
}
