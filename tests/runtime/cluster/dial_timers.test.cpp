// A timer that was set for a later time stayed when an earlier one was set, and
// each that rang set another: every node that was lost and found left one more
// for ever, and each of them looked at all addresses.
#include "support/deterministic_system.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/cluster/detail/link.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <caf/actor_cast.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <thread>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

caf::behavior silent(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {[](int) {}};
}

/// A node of which only the link is real. Nobody listens at the one address it
/// joins, except while the test says that a peer there has said hello.
struct lone_link {
  static constexpr auto address = "127.0.0.1:1";

  lone_link() {
    cluster_options options;
    options.node = "alpha";
    options.join = {parse_host_port(address).value()};
    options.monitor = monitor;
    link = rig.system().spawn<detail::link>(options, nullptr);
    rig.before_end([this] {
      bulwark::stop(link);
      caf::anon_send_exit(monitor, caf::exit_reason::kill);
    });
    caf::anon_send(link, detail::link_start{});
    rig.run();
  }

  /// The peer says hello, and is lost.
  void meet_and_lose() {
    auto peer = rig.system().spawn(silent);
    hello greeting;
    greeting.cluster = "default";
    greeting.node = "beta";
    greeting.boot = ++boots;
    greeting.address = address;
    greeting.link = caf::actor_cast<caf::strong_actor_ptr>(peer);
    greeting.monitor = caf::actor_cast<caf::strong_actor_ptr>(monitor);
    caf::anon_send(link, std::move(greeting));
    rig.run();
    caf::anon_send_exit(peer, caf::exit_reason::kill);
    rig.run();
  }

  size_t timers() {
    return dynamic_cast<caf::detail::test_actor_clock&>(rig.system().clock())
      .schedule()
      .size();
  }

  test::deterministic_system rig;
  caf::actor monitor = rig.system().spawn(silent);
  caf::actor link;
  uint64_t boots = 0;
};

} // namespace

TEST_CASE("nodes that come and go leave no timers behind",
          "[cluster][timers]") {
  lone_link node;
  for (int i = 0; i < 200; ++i) {
    node.meet_and_lose();
    // The address is probed by a thread, in real time: most often it has failed
    // by then, but nothing depends on it.
    for (int looks = 0; looks < 10; ++looks) {
      node.rig.advance(20ms);
      std::this_thread::yield();
    }
  }
  CHECK(node.timers() > 0);
  CHECK(node.timers() <= timer_stack::far_max);
}
