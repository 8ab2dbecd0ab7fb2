#pragma once

#include <bulwark/admin/detail/admin_sources.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/http/message.hpp>

#include <string_view>
#include <vector>

namespace bulwark::detail {

/// `{"error":"..."}`
http_response admin_error(int status, std::string_view words);

/// 404, with the paths that there are.
http_response admin_not_found(std::string_view path);

/// 405, with the methods that there are.
http_response admin_wrong_method(std::string_view allowed);

/// 401: a change without the token, or of a node that has none.
http_response admin_no_token(bool has_token, const std::string& node);

/// `/api/members`: other nodes, as that one sees them; `since_s`: for how long
/// they have been so.
http_response members_answer(const std::string& node,
                             const std::vector<cluster_member>& all,
                             time_point now);

/// An array of JSON.
std::string bulkheads_text(const std::vector<bulkhead_stats>& all);

/// `/api/bulkheads`
http_response bulkheads_answer(const std::vector<bulkhead_stats>& all);

/// `/health/live`: 503 where one of the node's own actors did not answer.
http_response live_answer(const std::string& node, bool live,
                          std::string_view silent = "");

/// `/health/startup`: 200 as soon as the start is over.
http_response startup_answer(const std::string& node, node_phase phase);

/// `/health/ready`: 503 unless the node serves and each service that it
/// declares is up. The body names those that are not.
http_response ready_answer(const std::string& node, node_phase phase,
                           const std::vector<gate_status>& services);

/// `/api/events`: each as in the log of format `json`.
http_response events_answer(const std::vector<event>& events);

} // namespace bulwark::detail
