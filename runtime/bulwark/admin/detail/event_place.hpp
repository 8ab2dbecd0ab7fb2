#pragma once

#include <bulwark/events/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// Which event it is, in the whole cluster: `alpha/1795000000000000/12`.
///
/// Immutable after construction.
struct event_place {
  std::string node;
  uint64_t boot = 0;
  uint64_t sequence = 0;

  friend bool operator==(const event_place&, const event_place&) = default;
};

std::string place_text(const event& what);

/// Reads what `place_text` writes.
[[nodiscard]] std::optional<event_place>
parse_event_place(std::string_view text);

} // namespace bulwark::detail
