#pragma once

#include <bulwark/time/time.hpp>

#include <caf/allowed_unsafe_message_type.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace compartments {

/// One request of a user: how long it will take is known to nobody but the
/// service.
struct user_request {
  int id = 0;
  std::string type;
  std::string user;
  bulwark::duration work{0};
  bool fails = false;
};

/// What the user sees.
struct user_answer {
  /// "success", "resource_exhausted" or "service_error".
  std::string status;

  /// What was done, or why it was not.
  std::string text;

  /// Of a success: how long it took and where it ran.
  bulwark::duration processing_time{0};
  std::string bulkhead_used;

  /// Of a refusal: how much of the bulkhead was in use, in percent.
  double pool_utilization = 0;
};

struct user_result {
  user_request request;
  user_answer answer;
};

/// In the order in which the requests came back.
struct load_report {
  std::vector<user_result> results;

  size_t count(const std::string& status) const;
};

/// The compartments of a shop, and how much each can do at once.
extern const std::map<std::string, uint64_t> compartment_sizes;

/// Its services, each with the compartment it works in.
extern const std::map<std::string, std::string> compartment_of;

/// Returns `count` requests to random services: 0.1 to 2 seconds of work, and
/// every tenth fails. The same seed gives the same requests.
std::vector<user_request> some_requests(uint64_t seed, int count);

} // namespace compartments

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::user_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::user_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::user_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(compartments::load_report)
