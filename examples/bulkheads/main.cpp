// Bulkheads of three kinds, shared by three services, and a shop of four
// compartments under load. What you see: two services get what they need, the
// third one and a greedy one are refused and leave nothing behind, and who
// holds how much memory is listed; with twice the threads all three are
// admitted; and of 100 requests to the shop each has its answer, whatever it
// is.
#include "pattern_service.hpp"
#include "shop.hpp"

#include <bulwark/bulwark.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <caf/scoped_actor.hpp>

#include <iostream>
#include <thread>

using namespace compartments;
using namespace std::chrono_literals;
using bulwark::bulkhead_kind;

namespace {

const std::vector<std::string> services{"user_service", "order_service",
                                        "analytics_service"};

void allocate(bulwark::node& node, const std::string& service,
              const bulwark::resource_amounts& wanted) {
  auto got = node.bulkheads().allocate(service, wanted);
  std::cout << service << ": "
            << (got ? "allocated" : bulwark::describe(got.error())) << '\n';
}

pattern_answer ask(bulwark::node& node, const std::string& service, int id) {
  if (auto refusal = refuse_unallocated(node.bulkheads(), service))
    return *refusal;
  pattern_answer result;
  caf::scoped_actor self{node.system()};
  self->request(node.gate(service), caf::infinite, pattern_request{id})
    .receive([&](const pattern_answer& answer) { result = answer; },
             [&](const caf::error& why) { result = answer_of(why); });
  return result;
}

void ten_requests(bulwark::node& node) {
  for (int i = 0; i < 10; ++i) {
    const auto& service = services[static_cast<size_t>(i) % services.size()];
    auto answer = ask(node, service, i + 1);
    std::cout << service << " request " << i + 1 << ": " << answer.status
              << ", " << answer.message << answer.db_result.result
              << answer.db_result.error << '\n';
  }
}

void show_memory(bulwark::node& node) {
  caf::scoped_actor self{node.system()};
  self
    ->request(node.bulkheads().handle(), caf::infinite,
              bulwark::at_bulkhead{"cache_memory"},
              bulwark::held_allocations_request{})
    .receive(
      [](const bulwark::held_allocations& all) {
        for (const auto& each : all.allocations)
          std::cout << each.allocation_id << ": " << each.size_mb << " MB of "
                    << each.consumer << ", since "
                    << bulwark::to_text(each.allocated_at) << '\n';
      },
      [](const caf::error& why) {
        std::cout << bulwark::describe(why) << '\n';
      });
}

void show_health(bulwark::node& node) {
  auto health = node.bulkheads().health();
  std::cout << "health score " << health.overall_health_score << " %, "
            << health.active_services << " active services\n";
  for (const auto& [service, amounts] : health.service_allocations)
    for (const auto& [bulkhead, amount] : amounts)
      std::cout << "  " << service << " has " << amount << " of " << bulkhead
                << '\n';
}

void show_trends(bulwark::node& node) {
  auto trends = node.bulkheads().trends(1);
  for (const auto& [name, trend] : trends->bulkhead_trends)
    std::cout << name << ": average " << trend.avg_utilization << " %, at most "
              << trend.max_utilization << " %, "
              << to_string(trend.trend_direction) << '\n';
}

void release_all(bulwark::node& node) {
  for (const auto& service : services)
    if (auto got = node.bulkheads().release(service))
      std::cout << service << ": released\n";
}

void resize(bulwark::node& node, const std::string& bulkhead, uint64_t to) {
  caf::scoped_actor self{node.system()};
  self
    ->request(node.bulkheads().handle(), caf::infinite,
              bulwark::at_bulkhead{bulkhead}, bulwark::resize_bulkhead{to, 0})
    .receive([] {},
             [](const caf::error& why) {
               std::cout << bulwark::describe(why) << '\n';
             });
}

void load(bulwark::node& node) {
  std::map<std::string, caf::actor> gates;
  for (const auto& [service, compartment] : compartment_of)
    gates[service] = node.gate(service);
  caf::scoped_actor self{node.system()};
  auto test = self->spawn(load_test, gates, some_requests(3, 100), size_t{50});
  self->request(test, caf::infinite, run_load{})
    .receive(
      [](const load_report& report) {
        for (const auto* status :
             {"success", "resource_exhausted", "service_error"})
          std::cout << status << ' ' << report.count(status) << '\n';
      },
      [](const caf::error& why) {
        std::cout << bulwark::describe(why) << '\n';
      });
}

void play(bulwark::node& node) {
  std::cout << "-- 20 threads\n";
  for (const auto& service : services)
    allocate(node, service, resource_requirements);
  ten_requests(node);
  show_health(node);
  show_memory(node);
  allocate(
    node, "greedy_service",
    {{"web_threads", 15}, {"db_connections", 12}, {"cache_memory", 200}});
  release_all(node);
  show_health(node);
  std::cout << "-- 40 threads\n";
  resize(node, "web_threads", 40);
  for (const auto& service : services)
    allocate(node, service, resource_requirements);
  ten_requests(node);
  std::cout << "-- trends\n";
  show_trends(node);
  release_all(node);
  std::cout << "-- 100 requests to the shop, 50 at once\n";
  load(node);
  show_health(node);
}

void declare(bulwark::node& node) {
  node.bulkhead("web_threads",
                {.kind = bulkhead_kind::thread_pool, .capacity = 20});
  node.bulkhead("db_connections",
                {.kind = bulkhead_kind::connection_pool, .capacity = 15});
  node.bulkhead("cache_memory", {.kind = bulkhead_kind::memory_pool,
                                 .capacity = 500,
                                 .permit_bytes = 1'000'000});
  for (const auto& service : services)
    node.service<pattern_service>(service, service, node.bulkheads())
      .bulkhead("web_threads");
  for (const auto& [name, size] : compartment_sizes)
    node.bulkhead(name, {.capacity = size});
  for (const auto& [service, compartment] : compartment_of)
    node.service(service, shop_service).bulkhead(compartment);
}

} // namespace

int main(int argc, char** argv) {
  std::thread player;
  auto result = bulwark::run(argc, argv, [&](bulwark::node& node) {
    declare(node);
    node.on_start([&] {
      player = std::thread{[&node] {
        play(node);
        node.stop();
      }};
    });
    node.on_stop([&] { player.join(); });
  });
  return result;
}
