#include <bulwark/cluster/detail/wire_times.hpp>
#include <bulwark/text/duration_text.hpp>

namespace bulwark::detail {

std::optional<std::string> overdue(const wire_times& what,
                                   const wire_limits& limits, time_point now) {
  if (!what.shaken)
    return now - what.opened >= limits.handshake
             ? std::optional{"it did not say who it is within "
                             + to_text(limits.handshake)}
             : std::nullopt;
  if (what.waiting > 0 && now - what.progress >= limits.stall)
    return "it took nothing for " + to_text(limits.stall) + ", though "
           + std::to_string(what.waiting) + " bytes wait for it";
  return std::nullopt;
}

} // namespace bulwark::detail
