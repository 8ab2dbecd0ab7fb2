#pragma once

#include <bulwark/cluster/detail/frame_header.hpp>

#include <string>
#include <string_view>

namespace bulwark::detail {

class wire;

/// Tells whoever sent a message that it does not travel: a request is answered
/// with `unreachable` and `reason`, by way of the gates that wait for its
/// answer; what nobody waits for becomes a dead letter without its content.
///
/// Called in the multiplexer's thread, by CAF's broker.
void refuse_frame(const wire& hub, const frame_header& head,
                  std::string_view payload, const std::string& reason);

/// Returns what is sent instead of an answer that does not travel, because who
/// asked waits: a small and urgent frame with the same error. Empty if `head`
/// is of no answer.
std::string instead_of_answer(const wire& hub, frame_header head,
                              std::string_view payload,
                              const std::string& reason);

} // namespace bulwark::detail
