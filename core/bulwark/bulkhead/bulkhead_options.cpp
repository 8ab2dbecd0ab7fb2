#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <array>
#include <string_view>

namespace bulwark {

namespace {

using namespace option_checks;

template <class Enum, size_t N>
std::string word(Enum value, const std::array<std::string_view, N>& words,
                 std::string_view type) {
  auto index = static_cast<size_t>(value);
  if (index < N)
    return std::string{words[index]};
  return std::string{type} + "(" + std::to_string(index) + ")";
}

complaint check_queue(const bulkhead_options& o) {
  if (o.queue > 0 && o.queue_timeout == duration::zero())
    return said("bulkhead.queue_timeout", "0ms",
                "longer, because queue is " + shown(uint64_t{o.queue})
                  + "; who waits needs a limit");
  if (o.queue == 0 && o.queue_timeout > duration::zero())
    return said("bulkhead.queue", "0",
                "at least 1, because queue_timeout is set: nobody can wait");
  return std::nullopt;
}

complaint check_weights(const bulkhead_options& o) {
  if (!o.fair && !o.weights.empty())
    return said("bulkhead.fair", "false", "true, because weights are given");
  if (o.weights.size() > bulkhead_options::weights_max)
    return said("bulkhead.weights", shown(uint64_t{o.weights.size()}),
                "at most 1000 tenants");
  for (const auto& [tenant, weight] : o.weights)
    if (auto why = within("bulkhead.weights of " + quoted(tenant), weight,
                          0.001, 1000.0))
      return why;
  return std::nullopt;
}

complaint check_tenant_rates(const bulkhead_options& o) {
  if (!o.rate_per_tenant && !o.tenant_rates.empty())
    return said("bulkhead.rate_per_tenant", "false",
                "true, because tenant_rates are given");
  if (o.tenant_rates.size() > bulkhead_options::tenant_rates_max)
    return said("bulkhead.tenant_rates", shown(uint64_t{o.tenant_rates.size()}),
                "at most 1000 tenants");
  for (const auto& [tenant, rate] : o.tenant_rates)
    if (auto why = validate(rate))
      return "bulkhead.tenant_rates of " + quoted(tenant) + ": " + *why;
  return std::nullopt;
}

complaint check_rate(const bulkhead_options& o) {
  if (o.rate)
    return first_of(validate(*o.rate),
                    not_negative("bulkhead.rate_wait", o.rate_wait));
  if (o.kind == bulkhead_kind::rate_limit)
    return said("bulkhead.rate", "not given",
                "given, because kind is rate_limit");
  if (o.rate_per_tenant)
    return said("bulkhead.rate_per_tenant", "true",
                "false, because no rate is given");
  if (o.rate_wait != duration::zero())
    return said("bulkhead.rate_wait", shown(o.rate_wait),
                "0ms, because no rate is given");
  return std::nullopt;
}

} // namespace

std::string to_string(bulkhead_kind kind) {
  static constexpr std::array<std::string_view, 6> words{
    "permits",     "thread_pool", "connection_pool",
    "memory_pool", "cpu_quota",   "rate_limit"};
  return word(kind, words, "bulkhead_kind");
}

std::string to_string(overflow_policy policy) {
  static constexpr std::array<std::string_view, 3> words{
    "refuse", "drop_oldest", "drop_newest"};
  return word(policy, words, "overflow_policy");
}

std::string to_string(queue_order order) {
  static constexpr std::array<std::string_view, 2> words{"fifo",
                                                         "adaptive_lifo"};
  return word(order, words, "queue_order");
}

std::string to_string(bulkhead_mode mode) {
  static constexpr std::array<std::string_view, 2> words{"enforced", "shadow"};
  return word(mode, words, "bulkhead_mode");
}

std::string to_string(isolation level) {
  static constexpr std::array<std::string_view, 4> words{"none", "background",
                                                         "normal", "all"};
  return word(level, words, "isolation");
}

std::string to_string(call_priority priority) {
  static constexpr std::array<std::string_view, 3> words{"critical", "normal",
                                                         "background"};
  return word(priority, words, "call_priority");
}

complaint validate(const bulkhead_options& o) {
  auto room = [&]() -> complaint {
    if (o.reserved_for_critical < o.capacity)
      return std::nullopt;
    return said("bulkhead.reserved_for_critical",
                shown(o.reserved_for_critical),
                "below bulkhead.capacity, which is " + shown(o.capacity));
  };
  return first_of(
    within("bulkhead.capacity", o.capacity, 1, bulkhead_options::capacity_max),
    within("bulkhead.permit_bytes", o.permit_bytes, 1,
           bulkhead_options::capacity_max),
    room(),
    within("bulkhead.queue", uint64_t{o.queue}, 0, bulkhead_options::queue_max),
    not_negative("bulkhead.queue_timeout", o.queue_timeout), check_queue(o),
    threshold("bulkhead.warning", o.warning),
    threshold("bulkhead.critical", o.critical),
    at_least("bulkhead.critical", o.critical, "bulkhead.warning", o.warning),
    share("bulkhead.hysteresis", o.hysteresis),
    at_most("bulkhead.hysteresis", o.hysteresis, "bulkhead.warning", o.warning),
    check_weights(o), o.adaptive ? validate(*o.adaptive) : std::nullopt,
    check_rate(o), check_tenant_rates(o));
}

} // namespace bulwark
