#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/caf_error.hpp>
#include <bulwark/detail/tracked.hpp>

#include <string>

namespace bulwark::detail {

/// Returns an error of a gate in words that name the service; `bulkhead`:
/// where its work is done, or null.
caf::error gate_error(errc code, const std::string& service,
                      const bulkhead_core* bulkhead);

/// Answers a client with an error, unless nobody asked.
void send_error(caf::strong_actor_ptr client, caf::message_id mid,
                stage_stack stages, caf::strong_actor_ptr responder,
                const caf::error& err, caf::execution_unit* eu);

} // namespace bulwark::detail
