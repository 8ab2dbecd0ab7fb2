#pragma once

#include <bulwark/http/message.hpp>

#include <optional>
#include <string>

namespace bulwark::detail {

/// Returns why a request may not be answered, or nothing. A browser on this
/// machine sends requests for whatever page it shows: that page must not read
/// the answer.
///
/// - `Host` must be there and of loopback: a page whose own name was made to
///   lead to this machine (DNS rebinding) sends that name.
/// - `Origin`, where it is sent, must be that host.
[[nodiscard]] std::optional<std::string>
refuse_foreign(const http_request& request);

/// Returns why a change may not be read: its `Content-Type` must be
/// `application/json`, which no form of a page in a browser can send.
[[nodiscard]] std::optional<std::string>
refuse_content(const http_request& request);

} // namespace bulwark::detail
