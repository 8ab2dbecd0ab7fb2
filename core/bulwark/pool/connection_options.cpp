#include <bulwark/pool/connection_options.hpp>
#include <bulwark/pool/detail/wait_max.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

complaint validate(const connection_options& o) {
  constexpr uint64_t most = connection_options::connections_max;
  return first_of(
    within("connections.max", o.max, 1, most),
    at_most<uint64_t>("connections.min", o.min, "connections.max", o.max),
    not_negative("connections.wait", o.wait),
    within("connections.wait", o.wait, duration::zero(), pool_wait_max),
    within("connections.opening_max", o.opening_max, 1, most),
    positive("connections.open_timeout", o.open_timeout),
    positive("connections.validate_timeout", o.validate_timeout),
    positive("connections.close_timeout", o.close_timeout),
    within("connections.abandoned_max", o.abandoned_max, 0, most),
    positive("connections.backoff_initial", o.backoff_initial),
    positive("connections.backoff_max", o.backoff_max),
    at_least("connections.backoff_max", o.backoff_max,
             "connections.backoff_initial", o.backoff_initial),
    share("connections.backoff_jitter", o.backoff_jitter),
    positive("connections.probe_after", o.probe_after),
    not_negative("connections.validate_after", o.validate_after),
    positive("connections.idle_max", o.idle_max),
    positive("connections.age_max", o.age_max),
    share("connections.age_jitter", o.age_jitter),
    not_negative("connections.leak_after", o.leak_after),
    not_negative("connections.take_back_after", o.take_back_after));
}

} // namespace bulwark
