// Standbys and ejection on real threads: crashes and bad answers while several
// clients ask. Threads, because deaths are told by the replicas' own.

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/gate.hpp>
#include <bulwark/replica/replica_factory.hpp>
#include <bulwark/supervisor/supervisor.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

constexpr int clients = 4;
constexpr int requests_each = 4'000;

/// Crashes at one number in 200, answers one in three with an error.
caf::behavior moody(caf::event_based_actor*) {
  return {[](int n) -> caf::result<int> {
    if (n % 200 == 199)
      throw std::runtime_error{"cannot stand it"};
    if (n % 3 == 0)
      return caf::make_error(caf::sec::runtime_error, "no");
    return n;
  }};
}

caf::actor supervise(caf::actor_system& sys, const gate& at, size_t n) {
  supervisor_settings settings;
  settings.path = "/root/g";
  settings.limits.intensity = 1'000'000;
  for (size_t i = 0; i < n; ++i) {
    auto index = static_cast<uint8_t>(i);
    child_spec spec;
    spec.id = "g#" + std::to_string(i + 1);
    spec.restart = {.initial = 1ms, .max = 1ms, .intensity = 1'000'000};
    spec.start = start_behind(at, index, make_replica_factory(moody));
    spec.on_change = [at, index](const child_change& change) {
      at.replica_changed(index, change);
    };
    settings.children.push_back(std::move(spec));
  }
  return spawn_supervisor(sys, std::move(settings));
}

} // namespace

TEST_CASE("each request is answered once, whoever stands in for whom",
          "[gate][standby][threads]") {
  usage_options usage;
  usage.active = 2;
  usage.standby = 2;
  usage.group.min_healthy = 2;
  usage.group.policy = fail_back::preferred;
  usage.group.fail_back_after = 1ms;
  usage.ejection.emplace();
  usage.ejection->length = 1ms;
  usage.ejection->length_max = 2ms;
  usage.ejection->errors_in_row = 2;
  caf::actor_system_config config;
  caf::actor_system sys{config};
  gate at{sys, {.service = "g", .group = {usage}}};
  at.declare_replicas(4);
  auto supervisor = supervise(sys, at, 4);
  std::atomic<int> good{0};
  std::atomic<int> bad{0};
  std::atomic<int> crashed{0};
  std::vector<std::thread> all;
  for (int c = 0; c < clients; ++c)
    all.emplace_back([&] {
      caf::scoped_actor self{sys};
      for (int i = 0; i < requests_each; ++i)
        self->request(at.handle(), caf::infinite, i)
          .receive([&](int) { ++good; },
                   [&](const caf::error& why) {
                     ++(code_of(why, errc{}) == errc::service_crashed ? crashed
                                                                      : bad);
                   });
    });
  for (auto& each : all)
    each.join();
  auto poison = requests_each / 200;
  auto thirds = 0;
  for (int i = 0; i < requests_each; ++i)
    thirds += i % 200 != 199 && i % 3 == 0;
  CHECK(crashed == clients * poison);
  CHECK(bad == clients * thirds);
  CHECK(good == clients * (requests_each - poison - thirds));
  CHECK(at.status().replicas_up <= 2);
  at.drain();
  bulwark::stop(supervisor);
  at.stop();
}
