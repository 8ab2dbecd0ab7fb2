#pragma once

#include <bulwark/http/message.hpp>

namespace storefront {

/// The partner's side: answers `POST /shipments` with `order_id` by tracking
/// number and days, the same for one request id; and what users.hpp answers.
bulwark::http_response answer_partner(const bulwark::http_request& request);

} // namespace storefront
