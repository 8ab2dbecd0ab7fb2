#include "containment/shop.hpp"

#include "api/messages.hpp"
#include "front/front.hpp"
#include "services/compartments.hpp"
#include "services/gate_error.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/http/client.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <pqxx/except>

#include <ctime>
#include <map>
#include <thread>

namespace bench {

namespace {

using namespace std::chrono_literals;
using storefront::api_call;
using storefront::api_reply;

constexpr bulwark::cpu_quota_options granted{.quota = 20ms, .period = 100ms};

// No handler of the others takes that long.
constexpr bulwark::duration patience = 10s;

const std::map<flood_kind, std::string>& flooded_services() {
  static const std::map<flood_kind, std::string> result{
    {flood_kind::sleep, "third_party_apis"},
    {flood_kind::database, "email_notifications"},
    {flood_kind::spin, "user_authentication"}};
  return result;
}

int64_t thread_time() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec * int64_t{1'000'000'000} + t.tv_nsec;
}

caf::behavior neighbour(caf::event_based_actor*) {
  return {[](const api_call&) {
    auto end = thread_time() + 100'000;
    while (thread_time() < end) {
    }
    return api_reply{200, "{}"};
  }};
}

caf::behavior sleeper(caf::event_based_actor*,
                      const std::shared_ptr<hold>& until) {
  return {[=](const api_call&) {
    until->block(30s);
    return api_reply{200, "{}"};
  }};
}

caf::behavior spinner(caf::event_based_actor*,
                      const std::shared_ptr<hold>& until) {
  return {[=](const api_call&) {
    until->spin();
    return api_reply{200, "{}"};
  }};
}

caf::behavior reader(caf::event_based_actor* self, const table_pool& pool) {
  return {[=](const api_call&) -> caf::result<api_reply> {
    auto db = pool.acquire(self);
    if (!db)
      return db.error();
    try {
      locked_table::read(*db);
    } catch (const pqxx::failure&) {
      db.discard();
      return api_reply{503, "{}"};
    }
    return api_reply{200, "{}"};
  }};
}

bulwark::connection_pool_settings pool_settings(bulwark::node& node) {
  return {.name = "stock_db",
          .connections = {.min = shop::permits,
                          .max = shop::permits,
                          .wait = 1s,
                          .backoff_max = 200ms,
                          .take_back_after = 3s},
          .events = node.events()};
}

/// Asks by a gate, as an actor with a thread of its own.
caller actor_caller(caf::actor_system& sys, const caf::actor& gate) {
  auto self = std::make_shared<caf::scoped_actor>(sys);
  return [=] {
    int result = 0;
    (*self)
      ->request(gate, caf::infinite, api_call{"{}", {}})
      .receive([&](const api_reply& x) { result = x.status; },
               [&](const caf::error& x) { result = storefront::status_of(x); });
    return result;
  };
}

caller http_caller(uint16_t port, const std::string& service) {
  auto client = std::make_shared<bulwark::http_client>("127.0.0.1", port);
  return [client, target = "/api/" + service] {
    try {
      return client->request("POST", target, "{}", patience).status;
    } catch (const bulwark::http_error&) {
      return 0;
    }
  };
}

} // namespace

std::string to_string(flood_kind kind) {
  static const std::map<flood_kind, std::string> words{
    {flood_kind::none, "none"},
    {flood_kind::sleep, "sleep"},
    {flood_kind::database, "database"},
    {flood_kind::spin, "spin"}};
  return words.at(kind);
}

std::string to_string(way by) {
  return by == way::actors ? "actors" : "http";
}

const std::array<std::string, 3>& shop::neighbours() {
  static const std::array<std::string, 3> result{
    "payment_processing", "product_catalog", "analytics_reporting"};
  return result;
}

const std::string& shop::flooded(flood_kind kind) {
  return flooded_services().at(kind);
}

shop::shop(bulwark::node& node, locked_table& table)
  : node_(node),
    table_(table),
    pool_(node.system(), pool_settings(node),
          bulwark::postgres{{table.address()}}) {
  storefront::declare_compartments(node);
  node.cpu_quota("spinners", granted);
  for (const auto& name : neighbours()) {
    auto declared = node.service(name, neighbour);
    declared.bulkhead(storefront::compartment_of(name));
    if (name == neighbours().back())
      declared.blocking();
  }
  auto in_flooded = [&](bulwark::service_builder service) {
    service.bulkhead("external_apis").replicas(permits).timeout(2s);
    return service;
  };
  in_flooded(node.service(flooded(flood_kind::sleep), sleeper, hold_))
    .blocking();
  in_flooded(node.service(flooded(flood_kind::database), reader, pool_))
    .blocking();
  in_flooded(node.service(flooded(flood_kind::spin), spinner, hold_))
    .cpu_quota("spinners");
  storefront::front_setup setup;
  for (const auto& name : neighbours())
    setup.gates.emplace(name, node.gate(name));
  for (const auto& [kind, name] : flooded_services())
    setup.gates.emplace(name, node.gate(name));
  front_ = std::make_shared<storefront::front>(std::move(setup));
  port_ = front_->listen({"127.0.0.1", 0});
  node.on_start([&node, served = front_] { served->start(node.system()); });
  node.on_stop([served = front_, pool = pool_] {
    served->stop(0s);
    pool.stop();
  });
}

shop::~shop() = default;

caller_factory shop::callers(const std::string& service, way by) const {
  if (by == way::http)
    return [port = port_, service] { return http_caller(port, service); };
  return [this, gate = node_.gate(service)] {
    return actor_caller(node_.system(), gate);
  };
}

void shop::hang(flood_kind kind) {
  hold_->close();
  if (kind == flood_kind::database)
    table_.lock();
}

bool shop::let_go() {
  hold_->let_go();
  table_.unlock();
  for (int i = 0; i < 4000 && !stopped(); ++i)
    if (calm())
      return true;
    else
      std::this_thread::sleep_for(10ms);
  return false;
}

bool shop::calm() const {
  auto now = stats();
  return now.current_usage == 0 && now.queue_length == 0
         && pool_.counts().idle == permits;
}

bool shop::stopped() const {
  return node_.draining();
}

bulwark::bulkhead_stats shop::stats() const {
  return *node_.bulkheads().stats("external_apis");
}

} // namespace bench
