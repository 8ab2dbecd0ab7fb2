#pragma once

#include "pattern_answer.hpp"

#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace compartments {

struct pattern_request {
  int id = 0;

  /// How long its query takes.
  bulwark::duration query_time = std::chrono::milliseconds{100};
};

/// A service to itself: the query of a request has come to its end.
struct query_done {
  int id = 0;
};

/// A service with resources of three kinds: a request takes one of its
/// connections for a query, and meanwhile 10 MB of memory if there are some,
/// and gives both back.
class pattern_service : public caf::event_based_actor {
public:
  /// @param bulkheads the manager of `db_connections` and `cache_memory`
  pattern_service(caf::actor_config& config, std::string service,
                  bulwark::bulkhead_manager bulkheads);

protected:
  caf::behavior make_behavior() override;

private:
  /// A request on its way.
  struct work {
    caf::response_promise promise;
    bulwark::time_point since{};
    pattern_request request;
    query_result found;
    uint64_t connection = 0;
    uint64_t bytes = 0;
  };

  /// Called with the number of the permit; 0: there was none.
  using acquired = std::function<void(work&, uint64_t permit)>;

  void begin(const pattern_request& what);
  void acquire(int id, const std::string& from, uint64_t amount,
               const std::string& consumer, const acquired& then);
  void finish(int id);
  void release(const std::string& to, uint64_t permit);

  std::string service_;
  bulwark::bulkhead_manager bulkheads_;
  std::map<int, work> running_;
};

} // namespace compartments

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::pattern_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::query_done)
