#pragma once

#include <cstdint>
#include <optional>

namespace bulwark {

/// Returns the token of the role by which the service works whose handler runs
/// in this thread: one declared `.singleton()`. To be handed on with what it
/// writes, so that a database that remembers the largest one can refuse what
/// comes late from a node that had the role before. Nothing: the role has ended
/// since the handler began, or there is none.
///
/// Safe to call from any thread.
std::optional<uint64_t> role_token();

} // namespace bulwark
