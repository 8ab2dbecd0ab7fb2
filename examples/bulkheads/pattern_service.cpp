#include "pattern_service.hpp"

#include <utility>

namespace compartments {

using namespace bulwark;

pattern_service::pattern_service(caf::actor_config& config, std::string service,
                                 caf::actor database, caf::actor memory)
  : event_based_actor(config),
    service_(std::move(service)),
    database_(std::move(database)),
    memory_(std::move(memory)) {}

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
  acquire(id, database_, 1, [=, this](work& it, uint64_t connection) {
    it.connection = connection;
    acquire(id, memory_, 10, [=, this](work& same, uint64_t bytes) {
      same.bytes = bytes;
      delayed_send(this, std::chrono::milliseconds{100}, query_done{id});
    });
  });
}

void pattern_service::acquire(int id, const caf::actor& from, uint64_t amount,
                              const granted& then) {
  acquire_permits wanted;
  wanted.amount = amount;
  wanted.consumer = service_;
  request(from, caf::infinite, wanted)
    .then([=, this](const permit& got) { then(running_.at(id), got.id); },
          [=, this](caf::error& why) {
            running_.at(id).promise.deliver(std::move(why));
            running_.erase(id);
          });
}

void pattern_service::finish(int id) {
  auto it = std::move(running_.at(id));
  running_.erase(id);
  send(database_, release_permits{it.connection});
  send(memory_, release_permits{it.bytes});
  it.promise.deliver(
    pattern_answer{"success", service_, id, clock().now() - it.since});
}

} // namespace compartments
