#include <bulwark/rate/detail/rate_terms.hpp>
#include <bulwark/rate/rate_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

namespace {

constexpr uint64_t permits_most = 1'000'000'000;

// So that nothing overflows, and nobody waits longer than a year for a burst.
complaint fits(const rate_options& o) {
  auto most = static_cast<uint64_t>(rate_terms::units_max);
  auto year = static_cast<uint64_t>(option_duration_max.count());
  if (o.rate < most / year)
    most = o.rate * year;
  most /= static_cast<uint64_t>(o.period.count());
  if (o.burst <= most)
    return std::nullopt;
  auto rule = "at most " + shown(most) + " at " + shown(o.rate) + " per ";
  return said("rate.burst", shown(o.burst), rule + shown(o.period));
}

} // namespace

complaint validate(const rate_options& o) {
  auto alone =
    first_of(within("rate.rate", o.rate, 1, permits_most),
             positive("rate.period", o.period),
             within("rate.burst", o.burst, 1, permits_most),
             within("rate.keys_max", uint64_t{o.keys_max}, 1, 1'000'000));
  return alone ? alone : fits(o);
}

std::string to_string(rate_algorithm algorithm) {
  switch (algorithm) {
  case rate_algorithm::token_bucket:
    return "token_bucket";
  case rate_algorithm::gcra:
    return "gcra";
  }
  return "rate_algorithm(" + std::to_string(static_cast<int>(algorithm)) + ")";
}

} // namespace bulwark
