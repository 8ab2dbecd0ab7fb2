#include "support/deterministic_system.hpp"

#include <bulwark/detail/control.hpp>
#include <bulwark/message_types.hpp>

#include <caf/all.hpp>
#include <catch2/catch.hpp>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

/// Sends `what` through CAF's serialiser, as a message, and returns what
/// arrives.
caf::message travel(caf::actor_system& system, const caf::message& what) {
  std::vector<char> bytes;
  caf::binary_serializer out{system, bytes};
  auto wrong = out(const_cast<caf::message&>(what));
  if (wrong)
    throw std::runtime_error{system.render(wrong)};
  caf::message result;
  caf::binary_deserializer in{system, bytes};
  wrong = in(result);
  if (wrong)
    throw std::runtime_error{system.render(wrong)};
  return result;
}

event full_event() {
  event x;
  x.kind = event_kind::child_restarted;
  x.level = severity::high;
  x.failure = failure_type::hung;
  x.component = "/root/a";
  x.incarnation = 3;
  x.reason = "r";
  x.metadata = {{"k", "v"}, {"l", "w"}};
  x.downtime = 412ms;
  x.node = "alpha";
  x.boot = 9;
  x.sequence = 77;
  x.at = wall_time{123456789us};
  return x;
}

} // namespace

TEST_CASE("every field of an event travels", "[messages]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto sent = full_event();
  auto without = sent;
  without.downtime.reset();
  auto got = travel(
    rig.system(), caf::make_message(peer_events{"alpha", 9, {sent, without}}));
  REQUIRE(got.match_elements<peer_events>());
  auto& batch = got.get_as<peer_events>(0);
  CHECK(batch.node == "alpha");
  CHECK(batch.boot == 9);
  REQUIRE(batch.events.size() == 2);
  auto& x = batch.events[0];
  CHECK(x.kind == sent.kind);
  CHECK(x.level == sent.level);
  CHECK(x.failure == sent.failure);
  CHECK(x.component == sent.component);
  CHECK(x.incarnation == 3);
  CHECK(x.reason == "r");
  CHECK(x.metadata == sent.metadata);
  CHECK(x.downtime == 412ms);
  CHECK(x.node == "alpha");
  CHECK(x.boot == 9);
  CHECK(x.sequence == 77);
  CHECK(x.at == sent.at);
  CHECK_FALSE(batch.events[1].downtime.has_value());
}

TEST_CASE("questions and answers travel", "[messages]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto& system = rig.system();
  auto arrives = [&](auto what) {
    return travel(system, caf::make_message(what))
      .template match_elements<decltype(what)>();
  };
  CHECK(arrives(child_counts_request{}));
  CHECK(arrives(which_children{}));
  CHECK(arrives(recent_events_request{3, "x"}));
  CHECK(arrives(event_counts_request{}));
  CHECK(arrives(peer_events_ack{4}));
  CHECK(arrives(recent_events{{full_event()}}));
  CHECK(arrives(event_counts{{{"n", "c", 1, 2, 3}}, 6, 1, 2}));
  auto list = travel(
    system, caf::make_message(child_list{
              {{"a", child_kind::supervisor, child_state::failed, 4, 5}}}));
  REQUIRE(list.match_elements<child_list>());
  CHECK(list.get_as<child_list>(0).children.at(0)
        == child_info{"a", child_kind::supervisor, child_state::failed, 4, 5});
  auto counts = travel(system, caf::make_message(child_counts{1, 2, 3, 4}));
  CHECK(counts.get_as<child_counts>(0) == child_counts{1, 2, 3, 4});
}

TEST_CASE("what steers our own actors never travels", "[messages][hostile]") {
  test::deterministic_system rig{
    [](auto& config) { add_message_types(config); }};
  auto& system = rig.system();
  // CAF 0.17.6 complains on stderr and writes nothing.
  CHECK(travel(system, caf::make_message(detail::stop_actor{})).empty());
  CHECK(travel(system, caf::make_message(detail::child_up{})).empty());
  CHECK(travel(system, caf::make_message(detail::poke{})).empty());
}
