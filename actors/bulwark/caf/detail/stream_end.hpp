#pragma once

#include <bulwark/caf/run_context.hpp>

#include <caf/fwd.hpp>

#include <string>

namespace bulwark::detail {

/// Tells the actor that opened a stream by this message, if it is one that
/// opens a stream, that the stream is refused: it would wait for ever.
/// `refuser`: whom the stream was opened to.
void refuse_stream(const caf::type_erased_tuple& content,
                   const caf::actor_addr& refuser, run_context on);

/// Returns whether CAF keeps the actor alive for a stream.
bool has_streams(caf::scheduled_actor& self) noexcept;

/// Ends all streams of an actor that is about to end with `reason`. Returns
/// what a function of one of them threw, in words; empty: nothing.
std::string end_streams(caf::scheduled_actor& self, const caf::error& reason);

} // namespace bulwark::detail
