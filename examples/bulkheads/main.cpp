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
  try {
    return node.ask<pattern_answer>(service, pattern_request{id}).get();
  } catch (const bulwark::ask_error& failed) {
    return answer_of(failed.error());
  }
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
  auto all = bulwark::ask<bulwark::held_allocations>(
    node.system(), node.find_bulkhead("cache_memory").handle(),
    bulwark::held_allocations_request{});
  for (const auto& each : all.get().allocations)
    std::cout << each.allocation_id << ": " << each.size_mb << " MB of "
              << each.consumer << ", since "
              << bulwark::to_text(each.allocated_at) << '\n';
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

void load(bulwark::node& node) {
  std::map<std::string, caf::actor> gates;
  for (const auto& [service, compartment] : compartment_of)
    gates[service] = node.gate(service);
  auto test =
    node.system().spawn(load_test, gates, some_requests(3, 100), size_t{50});
  auto report =
    bulwark::ask<load_report>(node.system(), test, run_load{}).get();
  for (const auto* status : {"success", "resource_exhausted", "service_error"})
    std::cout << status << ' ' << report.count(status) << '\n';
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
  node.resize("web_threads", 40).get();
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
