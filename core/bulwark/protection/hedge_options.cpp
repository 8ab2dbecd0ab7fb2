#include <bulwark/protection/hedge_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

std::optional<std::string> validate(const hedge_options& o) {
  return first_of(within("hedge.extra", uint64_t{o.extra}, 0, 10),
                  not_negative("hedge.delay", o.delay),
                  threshold("hedge.quantile", o.quantile),
                  within("hedge.samples_min", uint64_t{o.samples_min}, 1, 100),
                  not_negative("hedge.delay_min", o.delay_min));
}

std::optional<std::string> validate_for_gate(const hedge_options& o) {
  auto complaint = validate(o);
  return complaint ? complaint : within("hedge.extra", uint64_t{o.extra}, 0, 1);
}

} // namespace bulwark
