#pragma once

#include "support/deterministic_system.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/dead_letters/dead_letter.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/protection/service_breaker.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/all.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// To a client: run this in your own turn.
struct task {
  std::function<void(caf::event_based_actor*)> run;
};

} // namespace test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::task)

namespace test {

/// What came of one request.
template <class T>
struct reply {
  std::optional<T> value;
  caf::error error;

  /// Who answered, as the client sees it, and when.
  caf::actor_addr from;
  bulwark::time_point at{};

  bool open() const { return !value && !error; }

  /// The code of an error of ours, or 0.
  bulwark::errc code() const {
    return bulwark::code_of(error, bulwark::errc{});
  }
};

/// What reached a client.
struct client_records {
  /// Also those that match no request of its own.
  int responses = 0;

  /// Messages that are no answers, and whom they came from.
  std::vector<caf::message> inbox;
  std::vector<caf::actor_addr> senders;
};

/// An actor that does what the test says, and no more than CAF does for every
/// actor: its error and exit handlers are CAF's own.
///
/// Confined to one thread.
class client {
public:
  explicit client(deterministic_system& rig);

  const caf::actor& handle() const { return handle_; }
  const client_records& book() const { return *book_; }

  /// Runs `what` as the client, and whatever follows from it.
  void does(std::function<void(caf::event_based_actor*)> what) const;

  /// Sends a plain message, and runs.
  template <class... Ts>
  void sends(const caf::actor& to, Ts... xs) const {
    does([=](caf::event_based_actor* self) { self->send(to, xs...); });
  }

  /// Makes a request without a time limit of its own, and runs.
  template <class T, class... Ts>
  std::shared_ptr<const reply<T>> asks(const caf::actor& to, Ts... xs) const {
    auto result = std::make_shared<reply<T>>();
    does([=](caf::event_based_actor* self) {
      auto note = [=] {
        result->from = caf::actor_cast<caf::actor_addr>(self->current_sender());
        result->at = self->clock().now();
      };
      self->request(to, caf::infinite, xs...)
        .then(
          [=](T& x) {
            result->value = x;
            note();
          },
          [=](caf::error& x) {
            result->error = x;
            note();
          });
    });
    return result;
  }

  /// The same for a request that is answered with `caf::unit`: the value is
  /// true then.
  template <class T>
  std::shared_ptr<const reply<bool>> tells(const caf::actor& to, T what) const {
    auto result = std::make_shared<reply<bool>>();
    does([=](caf::event_based_actor* self) {
      self->request(to, caf::infinite, what)
        .then([=] { result->value = true; },
              [=](caf::error& x) { result->error = x; });
    });
    return result;
  }

  bool ended() const;

private:
  deterministic_system& rig_;
  std::shared_ptr<client_records> book_;
  caf::actor handle_;
};

/// What the replicas of a worker did, over all incarnations.
struct backroom {
  int incarnations = 0;
  std::vector<int> handled;
  std::vector<caf::actor_addr> senders;

  /// Promises kept for later and who made them, and the newest replica.
  std::vector<caf::response_promise> kept;
  std::vector<caf::actor> keepers;
  caf::actor replica;
};

using boom_atom = caf::atom_constant<caf::atom("boom")>;
using keep_atom = caf::atom_constant<caf::atom("keep")>;
using drop_atom = caf::atom_constant<caf::atom("drop")>;
using void_atom = caf::atom_constant<caf::atom("void")>;
using fail_atom = caf::atom_constant<caf::atom("fail")>;

/// A plain service: an int comes back, `boom` throws, `keep` is answered when
/// the test says so, `drop` never, `void` with nothing, `fail` with an error.
caf::behavior worker(caf::event_based_actor* self,
                     std::shared_ptr<backroom> room);

/// How a service runs on the fixture.
struct service_plan {
  bulwark::gate_options gate = {};
  bulwark::restart_options restart{.jitter = 0};
  size_t replicas = 1;
  bulwark::supervisor_options limits = {};
  std::vector<caf::rtti_pair> idempotent = {};
  std::vector<bulwark::failure_rule> on_failure = {};
  bulwark::bulkhead bulkhead = {};
  bool one_each = false;
  bulwark::restart_strategy strategy = bulwark::restart_strategy::one_for_one;
  bulwark::balancing_strategy balance =
    bulwark::balancing_strategy::two_choices;
  std::vector<uint32_t> weights = {};

  bulwark::routing route = bulwark::routing::local_first;
  bulwark::balancing_rule balancing = nullptr;
  size_t standby = 0;
  bulwark::group_options group = {};
  std::optional<bulwark::ejection_options> ejection = {};
  std::optional<bulwark::probe_options> probe = {};
  bulwark::duration slow_start = bulwark::duration::zero();
  std::vector<std::shared_ptr<bulwark::protection>> protections = {};
  std::optional<bulwark::retry_options> retry = {};
  bulwark::hedge_options hedge = {};
  bulwark::retry_budget_options retry_budget = {};
  bulwark::fallback_options fallback = {};
  bulwark::gate_substitutes substitutes = {};
};

/// A gate with a supervisor behind it.
struct service {
  bulwark::gate gate;
  caf::actor supervisor;

  const caf::actor& handle() const { return gate.handle(); }
};

/// A deterministic system with a monitor, whose events are recorded, and
/// services with gates, real supervisors and real replicas.
///
/// Confined to one thread.
class gate_fixture {
public:
  gate_fixture();
  gate_fixture(const gate_fixture&) = delete;
  gate_fixture& operator=(const gate_fixture&) = delete;

  /// Stops all services and their gates, then the monitor.
  ~gate_fixture();

  /// Starts a service, and runs. The reference stays valid.
  const service& serve(const std::string& name,
                       bulwark::replica_factory factory,
                       const service_plan& plan = {});

  /// Starts a service of workers that use `room(name)`.
  const service& work(const std::string& name, const service_plan& plan = {});

  /// A gate alone, without replicas of its own; `n` are announced.
  const bulwark::gate&
  gate(const std::string& name, bulwark::gate_options options = {},
       size_t n = 0,
       std::vector<std::shared_ptr<bulwark::protection>> protections = {});

  /// A circuit breaker for a service, whose events are recorded.
  std::shared_ptr<bulwark::service_breaker>
  breaker(const std::string& service, const bulwark::breaker_options& options);

  /// Starts a bulkhead.
  const bulwark::bulkhead& bulkhead(const std::string& name,
                                    const bulwark::bulkhead_options& options);

  backroom& room(const std::string& name);
  std::shared_ptr<backroom> shared_room(const std::string& name);

  /// Runs `what` as the current replica of a worker, and what follows from it.
  void inside(const std::string& room,
              std::function<void(caf::event_based_actor*)> what);

  /// Keeps a promise that a worker has made, if it still lives; and runs.
  void deliver(const std::string& room, size_t index, int value);

  /// Starts an incarnation of a worker behind `at` without any supervisor.
  caf::strong_actor_ptr spawn_replica(const bulwark::gate& at, uint8_t index,
                                      uint64_t incarnation,
                                      const std::string& room);

  /// Tells a gate about a replica as its supervisor would, and runs.
  void change(const bulwark::gate& at, uint8_t index,
              bulwark::child_state state, uint64_t incarnation,
              caf::strong_actor_ptr handle = nullptr);

  /// Delivers `content` to `to` as if it came from `from`, and runs.
  void forge(const caf::actor& to, caf::strong_actor_ptr from,
             caf::message content,
             caf::message_id mid = caf::make_message_id());

  /// A request by a fresh client.
  template <class T = int, class... Ts>
  std::shared_ptr<const reply<T>> ask(const caf::actor& to, Ts... xs) {
    return clients_.emplace_back(rig).template asks<T>(to, xs...);
  }

  /// Where the newest incarnation of a replica notes what it is at.
  std::shared_ptr<bulwark::child_control> control_of(const bulwark::gate& at,
                                                     uint8_t index);

  void stop(const caf::actor& supervisor);

  std::vector<bulwark::event> all(bulwark::event_kind kind) const;

  /// For how many events of a kind that load alone can cause the monitor's
  /// stand, also those that it holds back: a second passes.
  size_t count(bulwark::event_kind kind);

  // First, so that no handle outlives it.
  deterministic_system rig;
  std::vector<bulwark::event> events;

  /// Keeps at most ten letters, and 4096 bytes of messages.
  bulwark::dead_letter_actor letters;

private:
  bulwark::running_monitor monitor_;
  std::map<std::string, std::shared_ptr<backroom>> rooms_;
  std::deque<service> services_;
  std::deque<bulwark::gate> gates_;
  std::deque<bulwark::bulkhead> bulkheads_;
  std::deque<client> clients_;
};

/// How many requests a gate has on its books, answered or not.
size_t open_requests(const bulwark::gate& at);

} // namespace test
