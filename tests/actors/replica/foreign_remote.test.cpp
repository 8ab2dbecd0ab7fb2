#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/replica/foreign_child.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <catch2/catch.hpp>

// A child that lives on another node, over a real connection and so on real
// threads. Requests wait at the gate, so the test waits for answers only.

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

using wait_atom = caf::atom_constant<caf::atom("wait")>;

class node_config : public caf::actor_system_config {
public:
  node_config() {
    load<caf::io::middleman>();
    set("scheduler.max-threads", 2);
    bulwark::add_message_types(*this);
  }
};

caf::behavior adder(caf::event_based_actor* self, int amount) {
  return {
    [=](int x) { return x + amount; },
    [=](wait_atom) {
      self->make_response_promise();
      return caf::delegated<int>{};
    },
  };
}

/// A node with an adder, gone with its end.
class elsewhere {
public:
  explicit elsewhere(int amount)
    : system_(config_), adder_(system_.spawn(adder, amount)) {
    auto port = system_.middleman().publish(adder_, 0, "127.0.0.1");
    if (!port)
      throw std::runtime_error{system_.render(port.error())};
    port_ = *port;
  }

  elsewhere(const elsewhere&) = delete;
  elsewhere& operator=(const elsewhere&) = delete;

  ~elsewhere() { kill(); }

  void kill() { caf::anon_send_exit(adder_, caf::exit_reason::kill); }

  /// Closes all connections, without a word about the adder.
  void cut() {
    auto broker =
      system_.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
    caf::anon_send_exit(broker, caf::exit_reason::kill);
  }

  /// Returns a handle in `there` of the adder.
  caf::strong_actor_ptr reach_from(caf::actor_system& there) const {
    auto proxy = there.middleman().remote_actor("127.0.0.1", port_);
    if (!proxy)
      throw std::runtime_error{there.render(proxy.error())};
    return caf::actor_cast<caf::strong_actor_ptr>(*proxy);
  }

private:
  node_config config_;
  caf::actor_system system_;
  caf::actor adder_;
  uint16_t port_ = 0;
};

struct answer {
  int value = 0;
  errc code{};
};

template <class Request>
answer await(Request request) {
  answer result;
  request.receive([&](int x) { result.value = x; },
                  [&](caf::error& x) { result.code = code_of(x, errc{}); });
  return result;
}

} // namespace

TEST_CASE("a child on another node is adopted, lost and renewed",
          "[foreign][remote]") {
  bool whole_node = GENERATE(true, false);
  CAPTURE(whole_node);
  elsewhere first{1};
  elsewhere second{100};
  node_config config;
  caf::actor_system here{config};
  caf::scoped_actor self{here};
  gate at{here, {.service = "adder"}};
  at.declare_replicas(1);
  auto next = second.reach_from(here);
  auto spec = foreign_child(
    "f", first.reach_from(here),
    [next](caf::event_based_actor*, const foreign_answer& x) { x.got(next); },
    at, 0);
  supervisor_settings settings;
  settings.path = "/root/s";
  spec.restart.initial = 1ms;
  settings.children.push_back(std::move(spec));
  auto top = spawn_supervisor(here, std::move(settings));
  auto ask = [&](auto what) {
    return self->request(at.handle(), caf::infinite, what);
  };
  CHECK(await(ask(1)).value == 2);
  auto open = ask(wait_atom::value);
  // The other side has read it when it has answered what came after it.
  CHECK(await(ask(1)).value == 2);
  if (whole_node)
    first.cut();
  else
    first.kill();
  CHECK(await(std::move(open)).code
        == (whole_node ? errc::unreachable : errc::replica_lost));
  CHECK(await(ask(1)).value == 101);
  bulwark::stop(top);
  self->wait_for(top);
  at.stop();
}
