#include <bulwark/http/detail/server_core.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

constexpr duration report_pause = std::chrono::seconds{1};

} // namespace

void server_core::report(std::string what) noexcept {
  try {
    auto now = std::chrono::steady_clock::now();
    if (!hooks.report)
      return;
    if (now < quiet_until) {
      ++unreported;
      return;
    }
    quiet_until = now + report_pause;
    if (auto more = std::exchange(unreported, 0); more > 0)
      what += "; " + std::to_string(more) + " faults before it were not told";
    hooks.report(what);
  } catch (...) {
    // No memory for the words; what they are about goes on.
  }
}

} // namespace bulwark::detail
