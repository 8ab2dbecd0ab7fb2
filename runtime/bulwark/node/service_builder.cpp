#include <bulwark/gate/gate_options.hpp>
#include <bulwark/node/detail/declarations.hpp>
#include <bulwark/node/service_builder.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/supervision/restart_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/validate_name.hpp>

#include <utility>

namespace bulwark {

namespace {

using option_checks::complaint;

void require_none(const detail::service_declaration& what,
                  const complaint& found) {
  if (found)
    throw config_error{"service " + what.name + ": " + *found};
}

template <class Options>
void require_valid(const detail::service_declaration& what,
                   const Options& options) {
  require_none(what, validate(options));
}

/// One of the words that the options of a service know.
template <class Enum>
complaint check_word(std::string_view field, Enum value) {
  auto word = to_string(value);
  Enum known{};
  if (!detail::read_value(word, known) && known == value)
    return std::nullopt;
  return std::string{field} + " is " + word + "; "
         + detail::read_value({}, known).value();
}

complaint check_count(std::string_view field, size_t n) {
  return option_checks::within(field, uint64_t{n}, 1,
                               service_settings::replicas_max);
}

} // namespace

service_builder& service_builder::restart(const restart_options& options) {
  require_valid(what_, options);
  what_.settings.restart = options;
  return *this;
}

service_builder&
service_builder::supervisor(const supervisor_options& options) {
  require_valid(what_, options);
  what_.settings.supervisor = options;
  return *this;
}

service_builder& service_builder::strategy(restart_strategy strategy) {
  require_none(what_, check_word("strategy", strategy));
  what_.settings.strategy = strategy;
  return *this;
}

service_builder& service_builder::on_limit(limit_action action) {
  require_none(what_, check_word("on_limit", action));
  what_.settings.on_limit = action;
  return *this;
}

service_builder& service_builder::gate(const gate_options& options) {
  require_valid(what_, options);
  what_.settings.gate = options;
  return *this;
}

service_builder& service_builder::breaker(const breaker_options& options) {
  require_valid(what_, options);
  what_.settings.breaker = options;
  return *this;
}

service_builder& service_builder::retry(const retry_options& options,
                                        const retry_budget_options& budget) {
  require_valid(what_, options);
  require_valid(what_, budget);
  what_.settings.retry = options;
  what_.settings.retry_budget = budget;
  return *this;
}

service_builder& service_builder::hedge(hedge_options options) {
  if (options.extra == 0)
    options.extra = 1;
  require_none(what_, validate_for_gate(options));
  what_.settings.hedge = options;
  return *this;
}

service_builder& service_builder::last_good(fallback_options options) {
  require_valid(what_, options);
  options.last_good = true;
  what_.settings.fallback = options;
  return *this;
}

service_builder& service_builder::fallback_value(caf::message value) {
  what_.substitutes.value = std::move(value);
  return *this;
}

service_builder& service_builder::or_else_do(caf::message_handler make) {
  what_.substitutes.make = std::move(make);
  return *this;
}

service_builder& service_builder::or_else_ask(const caf::actor& other) {
  what_.substitutes.ask = other;
  return *this;
}

service_builder& service_builder::bulkhead(const std::string& name) {
  if (auto complaint = validate_name("bulkhead name", name))
    throw config_error{"service " + what_.name + ": " + *complaint};
  if (!what_.bulkhead.empty())
    throw config_error{"service " + what_.name + ": bulkhead is " + name
                       + "; it is in " + what_.bulkhead + " already"};
  what_.bulkhead = name;
  return *this;
}

service_builder& service_builder::cpu_quota(const std::string& name) {
  if (auto complaint = validate_name("cpu quota name", name))
    throw config_error{"service " + what_.name + ": " + *complaint};
  if (!what_.cpu_quota.empty())
    throw config_error{"service " + what_.name + ": cpu quota is " + name
                       + "; it is in " + what_.cpu_quota + " already"};
  what_.cpu_quota = name;
  return *this;
}

service_builder& service_builder::idempotent(std::vector<content_type> types) {
  auto& all = what_.idempotent;
  all.insert(all.end(), types.begin(), types.end());
  return *this;
}

service_builder& service_builder::timeout(duration length) {
  auto options = what_.settings.gate;
  options.timeout = length;
  return gate(options);
}

service_builder& service_builder::singleton() {
  what_.singleton = true;
  return *this;
}

service_builder& service_builder::replicas(size_t n) {
  require_none(what_, check_count("replicas", n));
  what_.settings.replicas = n;
  return *this;
}

service_builder& service_builder::standby(size_t n,
                                          const group_options& options) {
  require_none(what_, check_count("standby", n));
  require_none(what_, validate(options, 1, 0));
  what_.settings.standby = n;
  what_.settings.group = options;
  return *this;
}

service_builder& service_builder::ejection(const ejection_options& options) {
  require_valid(what_, options);
  what_.settings.ejection = options;
  return *this;
}

service_builder& service_builder::probes(const probe_options& options) {
  require_valid(what_, options);
  what_.settings.probe = options;
  return *this;
}

service_builder& service_builder::slow_start(duration window) {
  require_none(what_, option_checks::within("slow_start", window, duration{0},
                                            std::chrono::hours{1}));
  what_.settings.slow_start = window;
  return *this;
}

service_builder& service_builder::balance(balancing_strategy strategy) {
  require_none(what_, check_word("balance", strategy));
  what_.settings.balance = strategy;
  return *this;
}

service_builder& service_builder::weights(std::vector<uint32_t> of_replicas) {
  require_none(what_, validate_weights(of_replicas, of_replicas.size()));
  what_.settings.balance = balancing_strategy::weighted;
  what_.settings.weights = std::move(of_replicas);
  return *this;
}

service_builder& service_builder::route(routing rule) {
  require_none(what_, check_word("route", rule));
  what_.settings.route = rule;
  return *this;
}

service_builder& service_builder::min_healthy(size_t n) {
  require_none(what_, check_count("min_healthy", n));
  what_.settings.min_healthy = n;
  return *this;
}

service_builder& service_builder::severity_shift(int steps) {
  require_none(what_, validate_severity_shift(steps));
  what_.settings.severity_shift = steps;
  return *this;
}

service_builder& service_builder::blocking() {
  what_.settings.blocking = true;
  return *this;
}

service_builder& service_builder::reports_ready(duration within) {
  require_none(what_, option_checks::positive("ready_within", within));
  what_.settings.reports_ready = true;
  what_.settings.ready_within = within;
  return *this;
}

service_builder& service_builder::hung_after(duration length) {
  require_none(what_, validate_hung_after("hung_after", length));
  what_.settings.hung_after = length;
  return *this;
}

service_builder&
service_builder::on_failure(const std::vector<failure_rule>& rules) {
  auto all = what_.settings.on_failure;
  all.insert(all.end(), rules.begin(), rules.end());
  if (what_.factory.blocking_class && may_resume(rules))
    throw config_error{"service " + what_.name
                       + ": on_failure says resume; it must not for a "
                         "blocking actor, whose state is gone when an "
                         "exception has left it"};
  require_valid(what_, rules);
  what_.settings.on_failure = std::move(all);
  return *this;
}

service_builder& service_builder::uses(const std::vector<std::string>& names,
                                       dependency_kind kind) {
  for (const auto& name : names) {
    if (auto complaint = validate_name("service name", name))
      throw config_error{"service " + what_.name + " uses: " + *complaint};
    what_.uses.push_back({name, kind});
  }
  return *this;
}

} // namespace bulwark
