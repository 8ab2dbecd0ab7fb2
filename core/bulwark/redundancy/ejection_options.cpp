#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

std::string to_string(own_errors which) {
  switch (which) {
  case own_errors::compared:
    return "compared";
  case own_errors::always:
    return "always";
  case own_errors::never:
    return "never";
  }
  return "own_errors(" + std::to_string(static_cast<int>(which)) + ")";
}

std::optional<std::string> validate(const ejection_options& o) {
  constexpr uint64_t answers_max = 1'000'000;
  return first_of(
    within("ejection.errors_in_row", uint64_t{o.errors_in_row}, 1, answers_max),
    threshold("ejection.error_share", o.error_share),
    within("ejection.error_answers", uint64_t{o.error_answers}, 1, answers_max),
    growth("ejection.latency_factor", o.latency_factor),
    not_negative("ejection.latency_above", o.latency_above),
    within("ejection.latency_answers", uint64_t{o.latency_answers}, 1,
           answers_max),
    within("ejection.window", o.window, std::chrono::milliseconds{10},
           std::chrono::hours{1}),
    positive("ejection.length", o.length),
    positive("ejection.length_max", o.length_max),
    at_least("ejection.length_max", o.length_max, "ejection.length", o.length),
    threshold("ejection.share_max", o.share_max),
    within("ejection.panic_below", o.panic_below, 0.0, 1.0));
}

} // namespace bulwark
