#include "actors/gate/storm.hpp"

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <stdexcept>
#include <thread>

namespace test {

namespace {

using tally_ptr = std::shared_ptr<storm_tally>;

constexpr uint32_t without_limit = 1'000'000;

using core_ptr = std::shared_ptr<bulwark::detail::bulkhead_core>;

caf::behavior sailor(caf::event_based_actor*, tally_ptr tally, bool strict,
                     core_ptr bulkhead) {
  return {
    [=](uint32_t client, int64_t number, bool poison) {
      if (bulkhead && bulkhead->use() > bulkhead->capacity())
        ++tally->over_capacity;
      auto before = tally->last_seen[client].exchange(number);
      bool repeated = poison && number == before;
      if (strict ? number != before + 1 && !repeated : number <= 0)
        ++tally->out_of_order;
      ++tally->handled;
      if (poison)
        throw std::runtime_error("poison");
      return number;
    },
  };
}

class client : public caf::event_based_actor {
public:
  client(caf::actor_config& cfg, caf::actor gate, uint32_t index,
         storm_options options, tally_ptr tally)
    : caf::event_based_actor(cfg),
      gate_(std::move(gate)),
      index_(index),
      options_(options),
      plain_(!options.keyed && !options.idempotent),
      tally_(std::move(tally)) {
    call_.idempotent = options.idempotent;
    if (options.keyed)
      call_.key = std::to_string(index);
  }

  caf::behavior make_behavior() override {
    proceed();
    return {
      [this](int64_t) {
        ++tally_->echoes;
        back();
      },
    };
  }

private:
  void proceed() {
    while (under_way_ < options_.window
           && next_ <= options_.messages_per_client)
      dispatch(next_++);
  }

  void dispatch(int64_t number) {
    // The last one is a request, so that nothing is under way after it.
    bool last = number == options_.messages_per_client;
    bool poison = !last && number % options_.poison_every == 0;
    if (!last && number % options_.send_every == 0) {
      ++tally_->sends;
      tally_->poisoned_sends += poison;
      under_way_ += !poison;
      if (plain_)
        this->send(gate_, index_, number, poison);
      else
        this->send(gate_, call_, index_, number, poison);
      return;
    }
    ++tally_->requests;
    tally_->poisoned_requests += poison;
    ++under_way_;
    if (plain_)
      await(request(gate_, caf::infinite, index_, number, poison), number,
            poison);
    else
      await(request(gate_, caf::infinite, call_, index_, number, poison),
            number, poison);
  }

  template <class Handle>
  void await(Handle asked, int64_t number, bool poison) {
    asked.then([=, this](int64_t answer) { on_value(number, answer, poison); },
               [=, this](caf::error& err) { on_error(err, poison); });
  }

  void on_value(int64_t number, int64_t answer, bool poison) {
    ++tally_->values;
    tally_->wrong += poison || answer != number;
    back();
  }

  void on_error(const caf::error& err, bool poison) {
    ++tally_->crashes;
    tally_->wrong += !poison || err != bulwark::errc::service_crashed
                     || bulwark::describe(err) != "std::runtime_error: poison";
    back();
  }

  void back() {
    --under_way_;
    proceed();
    if (under_way_ == 0) {
      ++tally_->clients_done;
      tally_->clients_done.notify_all();
      quit();
    }
  }

  caf::actor gate_;
  uint32_t index_;
  storm_options options_;
  bool plain_;
  bulwark::call_options call_;
  tally_ptr tally_;
  int64_t next_ = 1;
  int64_t under_way_ = 0;
};

caf::actor supervise(caf::actor_system& sys, const bulwark::gate& gate,
                     const storm_options& options, const tally_ptr& tally,
                     const core_ptr& bulkhead) {
  bulwark::supervisor_settings settings;
  settings.path = "/root/storm";
  settings.limits.intensity = without_limit;
  for (size_t i = 0; i < options.replicas; ++i) {
    auto index = static_cast<uint8_t>(i);
    bulwark::child_spec spec;
    spec.id = "storm#" + std::to_string(i + 1);
    spec.restart.initial = spec.restart.max = bulwark::duration::zero();
    spec.restart.intensity = without_limit;
    spec.start = bulwark::start_behind(
      gate, index,
      bulwark::make_replica_factory(
        sailor, tally, options.replicas == 1 || options.keyed, bulkhead));
    spec.on_change = [gate, index](const bulwark::child_change& change) {
      gate.replica_changed(index, change);
    };
    settings.children.push_back(std::move(spec));
  }
  return bulwark::spawn_supervisor(sys, std::move(settings));
}

bulwark::bulkhead bulkhead_of(caf::actor_system& sys,
                              const storm_options& options) {
  if (options.permits == 0)
    return {};
  bulwark::bulkhead_options limits;
  limits.capacity = options.permits;
  limits.queue = 10'000;
  limits.queue_timeout = std::chrono::hours{1};
  return {sys, "storm", limits};
}

} // namespace

storm::storm(caf::actor_system& sys, const storm_options& options)
  : options_(options),
    tally_(std::make_shared<storm_tally>()),
    bulkhead_(bulkhead_of(sys, options)),
    gate_(sys, {.service = "storm",
                .bulkhead = bulkhead_,
                .one_each = options.one_each}) {
  gate_.declare_replicas(options.replicas);
  supervisor_ = supervise(sys, gate_, options, tally_, bulkhead_.core());
  for (uint32_t i = 0; i < options.clients; ++i)
    sys.spawn<client>(gate_.handle(), i, options, tally_);
}

bool storm::done() const {
  return tally_->clients_done == options_.clients;
}

void storm::wait() const {
  auto& done = tally_->clients_done;
  for (auto seen = done.load(); seen < options_.clients; seen = done.load())
    done.wait(seen);
}

void storm::stop() {
  bulwark::stop(supervisor_);
  gate_.stop();
  if (bulkhead_)
    bulkhead_.stop();
}

void check(const storm& what, const storm_options& options) {
  auto& tally = what.tally();
  auto messages =
    static_cast<int64_t>(options.clients) * options.messages_per_client;
  CHECK(tally.requests + tally.sends == messages);
  auto again =
    options.idempotent ? bulwark::gate_options{}.poison_limit - 1 : 0;
  auto poisoned = tally.poisoned_requests + tally.poisoned_sends;
  CHECK(tally.handled == messages + again * poisoned);
  CHECK(tally.out_of_order == 0);
  CHECK(tally.values + tally.crashes == tally.requests);
  CHECK(tally.crashes == tally.poisoned_requests);
  CHECK(tally.echoes == tally.sends - tally.poisoned_sends);
  CHECK(tally.wrong == 0);
  auto status = what.gate().status();
  CHECK(status.in_flight == 0);
  CHECK(status.waiting == 0);
  CHECK(tally.over_capacity == 0);
  if (what.bulkhead()) {
    const auto& permits = *what.bulkhead().core();
    // A thread in which a replica died may not have come to give back what
    // the others did not need to wait for.
    for (int i = 0; i < 1'000'000 && permits.use() > 0; ++i)
      std::this_thread::yield();
    CHECK(permits.use() == 0);
    permits.read_table([&](const bulwark::permit_table& table) {
      CHECK(table.waiting() == 0);
      CHECK(table.accounts().front().use() == 0);
      CHECK(table.counter().peak() <= options.permits);
      CHECK(table.counted().refused + table.counted().dropped == 0);
      return 0;
    });
  }
}

} // namespace test
