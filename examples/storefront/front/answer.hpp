#pragma once

#include "api/messages.hpp"

#include <bulwark/http/message.hpp>
#include <bulwark/time/time.hpp>

#include <string>

namespace storefront {

/// Returns a reply as the customer gets it: its own fields and `status` in
/// a word, `processing_time` in seconds and `service`. With 429 and 503 comes
/// a `Retry-After`.
bulwark::http_response to_response(const std::string& service,
                                   const api_reply& reply,
                                   bulwark::duration processing_time);

/// Returns an error of the front itself, with `status`, `error`,
/// `processing_time` and, when `path` names one, `service`.
bulwark::http_response error_response(int status, std::string_view text,
                                      std::string_view path = "");

/// Returns the error 405 for a page that takes the methods in `allow`.
bulwark::http_response wrong_method_response(const std::string& allow);

/// Returns an object with the one field `error`.
std::string error_body(const std::string& text);

} // namespace storefront
