#include "simulation/calls/call_scene.hpp"

#include "simulation/calls/call_judge.hpp"
#include "simulation/calls/probe_watch.hpp"
#include "support/deterministic_system.hpp"
#include "support/dice.hpp"

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/protection/service_breaker.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace test::sim {

namespace {

using namespace std::chrono_literals;

/// What all actors of a scene share.
struct call_stage {
  call_stage(const call_plan& plan, const std::string& only, uint64_t seed)
    : judge(plan, only), chance(seed), crashes(plan.crashes) {}

  call_judge judge;
  dice chance;
  std::function<bulwark::time_point()> now;

  /// Who answers after so many milliseconds, so that a replica can wait in a
  /// handler.
  caf::actor sleeper;

  /// Of a hundred attempts that are not slow, so many fail.
  size_t failing = 0;
  bool crashes;
};

using stage_ptr = std::shared_ptr<call_stage>;

caf::behavior sleeper_of_calls(caf::event_based_actor* self) {
  auto asleep = std::make_shared<std::vector<caf::response_promise>>();
  return {
    [=](uint64_t ms) {
      asleep->push_back(self->make_response_promise());
      self->delayed_send(self, milliseconds{ms}, caf::ok_atom_v,
                         asleep->size() - 1);
      return caf::delegated<bool>{};
    },
    [=](caf::ok_atom, uint64_t which) { asleep->at(which).deliver(true); },
  };
}

/// Whether it brings a value.
bool ends_well(call_stage& stage) {
  auto at = stage.chance.below(100);
  if (stage.crashes && at >= 97)
    throw std::runtime_error{"crash"};
  return at >= stage.failing;
}

caf::error not_well() {
  return caf::make_error(caf::sec::runtime_error, "not well");
}

/// Answers at once, or later, or after it has kept its replica for a while.
caf::behavior protected_service(caf::event_based_actor* self, stage_ptr stage) {
  return {[=](int call) -> caf::result<int> {
    stage->judge.begun(call, stage->now());
    auto how = stage->chance.below(10);
    if (how < 4 && !ends_well(*stage))
      return not_well();
    if (how < 4)
      return call;
    auto promise = self->make_response_promise<int>();
    auto asked = self->request(stage->sleeper, caf::infinite,
                               uint64_t{1} + stage->chance.below(150));
    auto go_on = [=](bool) mutable {
      if (ends_well(*stage))
        promise.deliver(call);
      else
        promise.deliver(not_well());
    };
    auto lost = [](const caf::error&) {};
    if (how < 7)
      asked.then(go_on, lost);
    else
      asked.await(go_on, lost);
    return promise;
  }};
}

/// Makes one call, and hears of all its answers.
class call_maker_actor : public caf::event_based_actor {
public:
  call_maker_actor(caf::actor_config& config, stage_ptr stage, caf::actor to,
                   int call, bulwark::call_options how)
    : event_based_actor(config),
      stage_(std::move(stage)),
      to_(std::move(to)),
      call_(call),
      how_(std::move(how)) {}

  using event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    if (what->mid.is_response()) {
      const auto& content = what->content();
      auto value = content.match_elements<int>();
      std::optional<bulwark::errc> why;
      if (!value)
        why =
          content.match_elements<caf::error>()
            ? bulwark::code_of(content.get_as<caf::error>(0), bulwark::errc{})
            : bulwark::errc::not_supported;
      stage_->judge.answered(call_, value ? content.get_as<int>(0) : 0, why,
                             stage_->now());
    }
    event_based_actor::enqueue(std::move(what), eu);
  }

  caf::behavior make_behavior() override {
    stage_->judge.asked(call_, how_.idempotent, stage_->now());
    request(to_, caf::infinite, how_, call_)
      .then([](int) {}, [](const caf::error&) {});
    return {[](caf::unit_t) {}};
  }

private:
  stage_ptr stage_;
  caf::actor to_;
  int call_;
  bulwark::call_options how_;
};

class call_scene {
public:
  call_scene(uint64_t seed, const std::string& only)
    : plan_(make_call_plan(seed)),
      rig_([](auto& config) { bulwark::add_message_types(config); }),
      order_(seed),
      stage_(std::make_shared<call_stage>(plan_, only, seed ^ 0x7363'656e'65)) {
    bulwark::detail::cheap_random_state() =
      static_cast<uint32_t>(seed * 2654435761U) | 1;
    stage_->now = [this] { return rig_.now(); };
    stage_->sleeper = rig_.system().spawn(sleeper_of_calls);
    if (plan_.bulkhead)
      pool_ = bulwark::bulkhead{rig_.system(), "pool", *plan_.bulkhead};
    auto breaker = std::make_shared<bulwark::service_breaker>(
      rig_.system(), "calls", plan_.breaker);
    auto probes = std::make_shared<probe_watch>(
      *breaker, [this](size_t n) { stage_->judge.probing(n); });
    gate_ = bulwark::gate{rig_.system(),
                          {.service = "calls",
                           .options = plan_.gate,
                           .bulkhead = pool_,
                           .protections = {breaker, probes},
                           .retry = plan_.retry,
                           .hedge = plan_.hedge,
                           .retry_budget = plan_.budget}};
    start_replicas();
    rig_.run();
  }

  call_outcome play() {
    for (size_t i = 0; i < plan_.steps && !stage_->judge.broken(); ++i)
      step();
    stage_->failing = 0;
    stage_->crashes = false;
    rig_.advance_seeded(5s, order_);
    stage_->judge.ended(what_is_left());
    stop();
    return {stage_->judge.broken(), stage_->judge.met(), stage_->judge.text()};
  }

private:
  void start_replicas() {
    gate_.declare_replicas(plan_.replicas);
    bulwark::supervisor_settings settings;
    settings.path = "/root/calls";
    settings.limits.intensity = 1'000'000;
    for (size_t i = 0; i < plan_.replicas; ++i) {
      auto index = static_cast<uint8_t>(i);
      bulwark::child_spec spec;
      spec.id = "calls#" + std::to_string(i + 1);
      spec.restart.initial = 5ms;
      spec.restart.max = 20ms;
      spec.restart.intensity = 1'000'000;
      spec.start = bulwark::start_behind(
        gate_, index, bulwark::make_replica_factory(protected_service, stage_));
      spec.on_change = [at = gate_, index](const bulwark::child_change& x) {
        at.replica_changed(index, x);
      };
      settings.children.push_back(std::move(spec));
    }
    supervisor_ = bulwark::spawn_supervisor(rig_.system(), std::move(settings));
  }

  /// At most 150 ms: all of a scene is within the life of a token.
  void step() {
    auto& chance = stage_->chance;
    if (chance.roll(1, 4))
      stage_->failing = chance.below(110);
    if (chance.roll(1, 2))
      rig_.advance_seeded(milliseconds{1 + chance.below(150)}, order_);
    auto count = chance.below(8);
    for (size_t i = 0; i < count; ++i)
      call();
    rig_.run_seeded(order_, chance.roll(1, 2) ? chance.below(20) : 100'000);
  }

  void call() {
    bulwark::call_options how;
    how.idempotent = stage_->chance.roll(4, 5);
    if (plan_.keys && stage_->chance.roll(1, 2))
      how.key = "k" + std::to_string(stage_->chance.below(2));
    rig_.system().spawn<call_maker_actor>(stage_, gate_.handle(), ++calls_,
                                          std::move(how));
  }

  call_judge::rest what_is_left() {
    auto status = gate_.status();
    return {pool_ ? pool_.core()->use() : uint64_t{0},
            gate_.core()->open_requests(), status.in_flight, status.waiting};
  }

  void stop() {
    bulwark::stop(supervisor_);
    rig_.run();
    gate_.stop();
    if (pool_)
      pool_.stop();
    caf::anon_send_exit(stage_->sleeper, caf::exit_reason::user_shutdown);
    rig_.run();
    stage_->sleeper = nullptr;
  }

  const call_plan plan_;
  deterministic_system rig_;
  deterministic_system::random order_;
  stage_ptr stage_;
  bulwark::bulkhead pool_;
  bulwark::gate gate_;
  caf::actor supervisor_;
  int calls_ = 0;
};

} // namespace

call_outcome play_calls(uint64_t seed, const std::string& only) {
  return call_scene{seed, only}.play();
}

const std::vector<std::string>& call_checkers() {
  static const std::vector<std::string> all{
    "one_answer", "attempts", "budget", "in_time", "probes", "all_back"};
  return all;
}

} // namespace test::sim
