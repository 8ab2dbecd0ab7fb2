#include <bulwark/redundancy/detail/member_checks.hpp>

namespace bulwark {

void member_checks::probed(bool good, const std::string& why,
                           const probe_options& by) {
  bad_ = good ? 0 : bad_ + 1;
  good_ = good ? good_ + 1 : 0;
  if (!good && bad_ >= by.unhealthy_after) {
    bad_ = by.unhealthy_after;
    silent_ = std::to_string(by.unhealthy_after) + " probes failed: " + why;
  }
  if (good && good_ >= by.healthy_after) {
    good_ = by.healthy_after;
    silent_.reset();
  }
}

} // namespace bulwark
