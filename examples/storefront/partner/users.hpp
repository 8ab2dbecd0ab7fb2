#pragma once

#include <bulwark/http/message.hpp>

#include <optional>

namespace storefront {

/// Answers `GET /users/...` by a line that names the page; nothing: it is
/// another page.
std::optional<bulwark::http_response>
answer_users(const bulwark::http_request& request);

} // namespace storefront
