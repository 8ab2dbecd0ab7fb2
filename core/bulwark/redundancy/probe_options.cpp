#include <bulwark/redundancy/probe_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

std::optional<std::string> validate(const probe_options& o) {
  constexpr uint64_t probes_max = 1'000;
  return first_of(
    within("probe.timeout", o.timeout, std::chrono::milliseconds{1},
           std::chrono::hours{1}),
    at_least("probe.every", o.every, "probe.timeout", o.timeout),
    within("probe.every", o.every, std::chrono::milliseconds{1},
           std::chrono::hours{24}),
    within("probe.unhealthy_after", uint64_t{o.unhealthy_after}, 1, probes_max),
    within("probe.healthy_after", uint64_t{o.healthy_after}, 1, probes_max));
}

} // namespace bulwark
