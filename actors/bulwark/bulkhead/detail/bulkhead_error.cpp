#include <bulwark/bulkhead/bulkhead_refusal.hpp>
#include <bulwark/bulkhead/detail/bulkhead_error.hpp>

namespace bulwark::detail {

bool is_bulkhead_error(errc code) noexcept {
  return code == errc::bulkhead_full || code == errc::bulkhead_timeout
         || code == errc::bulkhead_isolated || code == errc::rate_limited;
}

caf::error bulkhead_error(errc code, const std::string& whom,
                          const bulkhead_core& bulkhead) {
  if (code == errc::rate_limited)
    return make_error(
      code, whom + ": comes more often than its bulkhead's rate allows");
  const auto* words = code == errc::bulkhead_full ? " has no permit free, "
                      : code == errc::bulkhead_timeout
                        ? " had no permit free in time, "
                        : " is isolated, ";
  auto percent = bulkhead.utilization();
  auto text = whom + ": bulkhead " + bulkhead.name() + words
              + std::to_string(static_cast<int>(percent)) + " % in use";
  return make_refusal(code, std::move(text), bulkhead.name(), percent);
}

} // namespace bulwark::detail
