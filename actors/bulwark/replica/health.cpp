#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/running_service.hpp>
#include <bulwark/replica/detail/replica_lifecycle.hpp>
#include <bulwark/replica/health.hpp>

#include <cmath>
#include <optional>
#include <utility>

namespace bulwark {

namespace {

constexpr size_t reason_max = 200;

bool declare(std::optional<std::string> reason) {
  auto* running = detail::this_service();
  if (running == nullptr || running->core == nullptr)
    return false;
  return running->core->declared(
    running->hand->index(), running->replica->incarnation(), std::move(reason));
}

} // namespace

bool report_degraded(std::string reason) {
  if (reason.size() > reason_max)
    reason.resize(reason_max);
  return declare(std::move(reason));
}

bool report_well() {
  return declare(std::nullopt);
}

bool report_load(double share) {
  auto* running = detail::this_service();
  if (running == nullptr || running->core == nullptr || !std::isfinite(share)
      || share < 0)
    return false;
  return running->core->note_load(running->hand->index(),
                                  running->replica->incarnation(), share);
}

} // namespace bulwark
