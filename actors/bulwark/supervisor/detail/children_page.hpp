#pragma once

#include <bulwark/supervisor/supervisor_requests.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bulwark::detail {

/// To a supervisor of the same process, answered with `children_page`: some of
/// its children, in the order they are started.
struct children_page_request {
  /// How many to leave out at the begin.
  uint64_t from = 0;

  uint64_t max = 100;
};

/// A child, and what is to come of it.
struct child_outlook {
  child_info it;

  /// Restarts until it is failed, as of now; nothing: without a limit.
  std::optional<uint32_t> restarts_left;

  /// Until it is started again, where it waits for that.
  std::optional<duration> retry_in;

  /// Who supervises its children; null for a worker, or while it is down.
  caf::actor supervisor = {};
};

struct children_page {
  std::vector<child_outlook> children;

  /// All that there are, and how many of them are in which `child_state`.
  uint64_t total = 0;
  std::array<uint64_t, 7> states{};
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::children_page_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::children_page)
