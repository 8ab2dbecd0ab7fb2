#pragma once

#include <bulwark/bulkhead/allocation_attempt.hpp>
#include <bulwark/bulkhead/bulkhead_manager.hpp>
#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <map>
#include <optional>
#include <string>

namespace compartments {

/// What a service of the pattern needs, of each bulkhead: 10 threads, 5
/// connections, 100 MB.
extern const bulwark::resource_amounts resource_requirements;

/// By bulkhead: whether a service has what it needs of it.
using resource_map = std::map<std::string, bool>;

resource_map resources_of(const bulwark::bulkhead_manager& manager,
                          const std::string& service);

/// What a connection answers to a query.
struct query_result {
  /// Empty where there was no connection.
  std::string connection_id;
  std::string query;
  std::string result;
  bulwark::duration execution_time{0};

  /// Why there is no result, else empty.
  std::string error;
};

/// What a client of a service gets, whatever became of its request.
struct pattern_answer {
  /// "success", "timeout" or "error".
  std::string status;

  /// Why it is no success.
  std::string message = {};

  // Of a success.
  std::string service = {};
  int request_id = 0;
  query_result db_result = {};
  bulwark::duration processing_time{0};
  resource_map resources_used = {};

  /// Of one that was not tried, because the service lacks some of it.
  resource_map allocated_resources = {};
};

/// Returns the answer of a service that lacks some of what it needs; nothing:
/// it may be asked.
std::optional<pattern_answer>
refuse_unallocated(const bulwark::bulkhead_manager& manager,
                   const std::string& service);

/// Returns the answer that stands for an error of the service's gate.
pattern_answer answer_of(const caf::error& why);

} // namespace compartments

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::pattern_answer)
