#pragma once

#include <bulwark/time.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <functional>
#include <map>
#include <string>

namespace compartments {

struct pattern_request {
  int id = 0;
};

struct pattern_answer {
  std::string status;
  std::string service;
  int request_id = 0;
  bulwark::duration processing_time{0};
};

/// A service to itself: the query of a request has come to its end.
struct query_done {
  int id = 0;
};

/// A service with resources of three kinds: a request takes one of its
/// connections for a query of 100 ms and 10 MB of its memory, and gives both
/// back.
class pattern_service : public caf::event_based_actor {
public:
  /// @param bulkheads the manager of `db_connections` and `cache_memory`
  pattern_service(caf::actor_config& config, std::string service,
                  caf::actor bulkheads);

protected:
  caf::behavior make_behavior() override;

private:
  /// A request on its way.
  struct work {
    caf::response_promise promise;
    bulwark::time_point since{};
    uint64_t connection = 0;
    uint64_t bytes = 0;
  };

  using granted = std::function<void(work&, uint64_t permit)>;

  void begin(int id);
  void acquire(int id, const std::string& from, uint64_t amount,
               const granted& then);
  void finish(int id);

  /// Gives back what a request holds; returns who waits for its answer.
  caf::response_promise end(int id);

  std::string service_;
  caf::actor bulkheads_;
  std::map<int, work> running_;
};

} // namespace compartments

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::pattern_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::pattern_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::query_done)
