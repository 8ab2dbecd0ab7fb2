#pragma once

#include <bulwark/http/message.hpp>

#include <string>
#include <string_view>

namespace bulwark::detail {

/// What a response depends on beside its content.
///
/// Immutable after construction.
struct response_context {
  /// Whether it answers HEAD.
  bool to_head = false;

  bool keep_alive = true;
};

/// Returns what is the matter with a response that HTTP does not allow: a
/// status outside 200 to 599, or a field that would end its line. Empty when
/// it may be sent.
std::string fault_of(const http_response& response);

/// Whether the body is sent.
bool has_body(const http_response& response, response_context context) noexcept;

/// Returns status line and fields, with the empty line that ends them.
/// @pre fault_of(response).empty()
std::string response_head(const http_response& response,
                          response_context context);

} // namespace bulwark::detail
