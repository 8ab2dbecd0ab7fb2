#pragma once

#include <caf/allowed_unsafe_message_type.hpp>

namespace bulwark {

/// Sent to a replica of a group that is up and gets no requests yet: from now
/// on it is told what others tell by `tell_other_replicas`. A service that
/// keeps something in its memory has a handler for it, which asks the service
/// for all of it, through its gate: the answer comes between the changes, in
/// the order of the active one. Cannot be serialised.
///
/// Immutable after construction.
struct stands_by {};

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::stands_by)
