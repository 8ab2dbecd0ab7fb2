#include "pattern_service.hpp"

#include <bulwark/bulkhead/manager_requests.hpp>

#include <utility>

namespace compartments {

using namespace bulwark;

pattern_service::pattern_service(caf::actor_config& config, std::string service,
                                 caf::actor bulkheads)
  : event_based_actor(config),
    service_(std::move(service)),
    bulkheads_(std::move(bulkheads)) {}

caf::behavior pattern_service::make_behavior() {
  return {
    [this](const pattern_request& what) {
      begin(what.id);
      return caf::delegated<pattern_answer>{};
    },
    [this](const query_done& what) { finish(what.id); },
  };
}

void pattern_service::begin(int id) {
  auto& fresh = running_[id];
  fresh.promise = make_response_promise();
  fresh.since = clock().now();
  acquire(id, "db_connections", 1, [=, this](work& it, uint64_t connection) {
    it.connection = connection;
    acquire(id, "cache_memory", 10, [=, this](work& same, uint64_t bytes) {
      same.bytes = bytes;
      delayed_send(this, std::chrono::milliseconds{100}, query_done{id});
    });
  });
}

void pattern_service::acquire(int id, const std::string& from, uint64_t amount,
                              const granted& then) {
  acquire_permits wanted;
  wanted.amount = amount;
  wanted.consumer = service_;
  request(bulkheads_, caf::infinite, at_bulkhead{from}, wanted)
    .then([=, this](const permit& got) { then(running_.at(id), got.id); },
          [=, this](caf::error& why) { end(id).deliver(std::move(why)); });
}

void pattern_service::finish(int id) {
  auto time = clock().now() - running_.at(id).since;
  end(id).deliver(pattern_answer{"success", service_, id, time});
}

caf::response_promise pattern_service::end(int id) {
  auto it = std::move(running_.at(id));
  running_.erase(id);
  auto release = [this](const std::string& to, uint64_t permit) {
    if (permit != 0)
      send(bulkheads_, at_bulkhead{to}, release_permits{permit});
  };
  release("db_connections", it.connection);
  release("cache_memory", it.bytes);
  return std::move(it.promise);
}

} // namespace compartments
