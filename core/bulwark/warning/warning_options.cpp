#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/warning/warning_options.hpp>

namespace bulwark {

using namespace option_checks;

complaint validate(const warning_options& o) {
  constexpr duration least = std::chrono::seconds{1};
  constexpr duration most = std::chrono::hours{24};
  return first_of(within("warnings.horizon", o.horizon, least, most),
                  threshold("warnings.fit_min", o.fit_min),
                  within("warnings.samples_min", o.samples_min, 4, 1'000),
                  within("warnings.grace", o.grace, least, most));
}

} // namespace bulwark
