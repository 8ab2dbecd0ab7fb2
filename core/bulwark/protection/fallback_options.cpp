#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

std::optional<std::string> validate(const fallback_options& o) {
  return first_of(
    within("fallback.entries_max", uint64_t{o.entries_max}, 1, 1'000'000),
    within("fallback.bytes_max", uint64_t{o.bytes_max}, 1, uint64_t{1} << 40),
    not_negative("fallback.age_max", o.age_max));
}

} // namespace bulwark
