#include "pattern_service.hpp"

#include <bulwark/bulkhead/manager_requests.hpp>

#include <utility>

namespace compartments {

using namespace bulwark;

namespace {

constexpr uint64_t memory_of_a_request = 10;

} // namespace

pattern_service::pattern_service(caf::actor_config& config, std::string service,
                                 bulkhead_manager bulkheads)
  : event_based_actor(config),
    service_(std::move(service)),
    bulkheads_(std::move(bulkheads)) {}

caf::behavior pattern_service::make_behavior() {
  return {
    [this](const pattern_request& what) {
      begin(what);
      return caf::delegated<pattern_answer>{};
    },
    [this](const query_done& what) { finish(what.id); },
  };
}

void pattern_service::begin(const pattern_request& what) {
  auto id = what.id;
  auto& fresh = running_[id];
  fresh.promise = make_response_promise();
  fresh.since = clock().now();
  fresh.request = what;
  auto query = "SELECT * FROM table WHERE id = " + std::to_string(id);
  acquire(id, "db_connections", 1, service_, [=, this](work& it, uint64_t one) {
    it.connection = one;
    if (one != 0)
      it.found = {"db_connections_conn_" + std::to_string(one),
                  query,
                  "Result for " + query,
                  it.request.query_time,
                  {}};
    else
      it.found.error = "No database connection available";
    acquire(id, "cache_memory", memory_of_a_request, service_ + "_temp",
            [=, this](work& same, uint64_t bytes) {
              same.bytes = bytes;
              delayed_send(this, same.request.query_time, query_done{id});
            });
  });
}

void pattern_service::acquire(int id, const std::string& from, uint64_t amount,
                              const std::string& consumer,
                              const acquired& then) {
  acquire_permits wanted;
  wanted.amount = amount;
  wanted.consumer = consumer;
  request(bulkheads_.handle(), caf::infinite, at_bulkhead{from}, wanted)
    .then([=, this](const permit& got) { then(running_.at(id), got.id); },
          [=, this](const caf::error&) { then(running_.at(id), 0); });
}

void pattern_service::finish(int id) {
  auto it = std::move(running_.at(id));
  running_.erase(id);
  release("db_connections", it.connection);
  release("cache_memory", it.bytes);
  pattern_answer answer{"success"};
  answer.service = service_;
  answer.request_id = id;
  answer.db_result = std::move(it.found);
  answer.processing_time = clock().now() - it.since;
  answer.resources_used = resources_of(bulkheads_, service_);
  it.promise.deliver(std::move(answer));
}

void pattern_service::release(const std::string& to, uint64_t permit) {
  if (permit != 0)
    send(bulkheads_.handle(), at_bulkhead{to}, release_permits{permit});
}

} // namespace compartments
