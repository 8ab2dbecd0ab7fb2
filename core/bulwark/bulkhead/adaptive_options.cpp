#include <bulwark/bulkhead/adaptive_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

namespace {

// Far more than one process can have in flight.
constexpr uint64_t limit_most = 1'000'000;

complaint bounds(const adaptive_options& o) {
  return first_of(
    within("adaptive.max", uint64_t{o.max}, 1, limit_most),
    within("adaptive.min", uint64_t{o.min}, 1, limit_most),
    at_most("adaptive.min", uint64_t{o.min}, "adaptive.max", uint64_t{o.max}),
    at_least("adaptive.initial", uint64_t{o.initial}, "adaptive.min",
             uint64_t{o.min}),
    at_most("adaptive.initial", uint64_t{o.initial}, "adaptive.max",
            uint64_t{o.max}));
}

complaint windows(const adaptive_options& o) {
  return first_of(
    not_negative("adaptive.healthy_latency", o.healthy_latency),
    positive("adaptive.window", o.window),
    positive("adaptive.window_max", o.window_max),
    at_least("adaptive.window_max", o.window_max, "adaptive.window", o.window),
    within("adaptive.samples_min", uint64_t{o.samples_min}, 1, limit_most),
    not_negative("adaptive.latency_min", o.latency_min));
}

complaint checked(const aimd_options& o) {
  auto field = "adaptive.aimd.backoff_ratio";
  if (!(o.backoff_ratio >= 0.5 && o.backoff_ratio < 1.0))
    return said(field, shown(o.backoff_ratio), "at least 0.5 and below 1");
  return positive("adaptive.aimd.timeout", o.timeout);
}

complaint checked(const gradient2_options& o) {
  return first_of(threshold("adaptive.gradient2.smoothing", o.smoothing),
                  within("adaptive.gradient2.queue_size",
                         uint64_t{o.queue_size}, 1, limit_most),
                  within("adaptive.gradient2.long_window",
                         uint64_t{o.long_window}, 1, limit_most),
                  growth("adaptive.gradient2.tolerance", o.tolerance));
}

complaint checked(const vegas_options& o) {
  return first_of(
    positive("adaptive.vegas.alpha", o.alpha),
    positive("adaptive.vegas.beta", o.beta),
    at_least("adaptive.vegas.beta", o.beta, "adaptive.vegas.alpha", o.alpha),
    threshold("adaptive.vegas.smoothing", o.smoothing),
    within("adaptive.vegas.probe_multiplier", uint64_t{o.probe_multiplier}, 1,
           limit_most));
}

} // namespace

adaptive_options published(adaptive_algorithm algorithm) {
  adaptive_options result{.algorithm = algorithm};
  if (algorithm != adaptive_algorithm::vegas) {
    result.min = 20;
    result.max = 200;
  }
  return result;
}

complaint validate(const adaptive_options& o) {
  return first_of(bounds(o), windows(o), checked(o.aimd), checked(o.gradient2),
                  checked(o.vegas));
}

std::string to_string(adaptive_algorithm algorithm) {
  switch (algorithm) {
  case adaptive_algorithm::aimd:
    return "aimd";
  case adaptive_algorithm::gradient2:
    return "gradient2";
  case adaptive_algorithm::vegas:
    return "vegas";
  }
  return "adaptive_algorithm(" + std::to_string(static_cast<int>(algorithm))
         + ")";
}

} // namespace bulwark
