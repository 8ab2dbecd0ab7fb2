#pragma once

#include <bulwark/bulkhead/bulkhead_requests.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message.hpp>

#include <atomic>
#include <cstdint>
#include <memory>

namespace bulwark::detail {

/// Whose a permit is that was granted: who asked for it has it when a handler
/// reads the answer, unless the bulkhead has taken it back before. CAF tells
/// nobody that a request has timed out, so whether an answer is read is all
/// that is known of it.
///
/// Safe to use from any thread.
class permit_grant {
public:
  /// Returns false if it was taken back.
  bool read() noexcept { return becomes(state::read); }

  /// Returns false if it was read.
  bool take_back() noexcept { return becomes(state::taken_back); }

  bool unread() const noexcept {
    return state_.load(std::memory_order_relaxed) == state::unread;
  }

private:
  enum class state : uint8_t { unread, read, taken_back };

  bool becomes(state wanted) noexcept {
    auto before = state::unread;
    return state_.compare_exchange_strong(before, wanted) || before == wanted;
  }

  std::atomic<state> state_{state::unread};
};

/// To a bulkhead: the answer with that permit was dropped unread.
struct permit_dropped {
  uint64_t id = 0;
};

/// Returns the answer that grants a permit. A handler finds a `permit` in it,
/// an empty one if it was taken back. The last copy that is dropped unread
/// tells `bulkhead`. On its way to another node it counts as read.
caf::message make_permit_answer(permit what,
                                std::shared_ptr<permit_grant> grant,
                                caf::weak_actor_ptr bulkhead);

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::permit_dropped)
