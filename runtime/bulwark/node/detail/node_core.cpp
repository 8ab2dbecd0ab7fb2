#include <bulwark/bulkhead/load_shedder.hpp>
#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/end_watch.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/detail/state_reports.hpp>
#include <bulwark/gate/gate_options.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/detail/node_gauges.hpp>
#include <bulwark/node/detail/service_tree.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/version.hpp>
#include <bulwark/text/validate_name.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace bulwark::detail {

node_core::node_core(given_options given, std::function<void()> wake)
  : config_(std::make_unique<system_config>()),
    given_(std::move(given)),
    roles_(given_.node.name) {
  given_.caf.apply(*config_);
  root_state_->wake = std::move(wake);
}

service_declaration& node_core::declare(const std::string& name,
                                        replica_factory factory) {
  if (started_)
    throw config_error{"service " + name
                       + " is declared after the node was started"};
  if (!factory.start)
    throw config_error{"service " + name
                       + ": its function is null; it must be a function"};
  return services_.add(name, std::move(factory));
}

service_declaration& node_core::declare_remote(const std::string& name) {
  if (started_)
    throw config_error{"service " + name
                       + " is declared after the node was started"};
  return services_.add_remote(name);
}

void node_core::declare_bulkhead(const std::string& name,
                                 const bulkhead_options& options) {
  if (started_)
    throw config_error{"bulkhead " + name
                       + " is declared after the node was started"};
  auto wanted = options;
  given_.overrides.apply(name, wanted);
  bulkheads_.declare(name, wanted);
}

void node_core::declare_load_shedding(const load_shedding_options& options) {
  if (started_)
    throw config_error{"load_shedding is declared after the node was started"};
  if (load_shedding_)
    throw config_error{"load_shedding is declared twice"};
  if (auto complaint = validate(options))
    throw config_error{*complaint};
  load_shedding_ = options;
}

void node_core::declare_cpu_quota(const std::string& name,
                                  const cpu_quota_options& options) {
  if (started_)
    throw config_error{"cpu quota " + name
                       + " is declared after the node was started"};
  auto wanted = options;
  given_.overrides.apply(name, wanted);
  cpu_quotas_.declare(name, wanted);
}

void node_core::announce(const std::string& key, const std::string& value) {
  if (serving_)
    throw config_error{"announce of " + key
                       + ": the node has started; it must be called before, "
                         "in the setup or a hook of on_start"};
  announcements.emplace_back(key, value);
}

system_config& node_core::config() {
  if (!config_)
    throw config_error{"message types must be known before the first gate is "
                       "asked for"};
  return *config_;
}

engine& node_core::running() {
  if (!engine_)
    engine_ = std::make_unique<engine>(
      std::move(config_), given_.node,
      given_.node.chaos ? faults_.disk_trouble_source() : nullptr);
  return *engine_;
}

void node_core::start() {
  std::set<std::string> referred;
  if (engine_)
    for (const auto& [name, each] : engine_->gates().all())
      referred.insert(name);
  services_.settle(given_.overrides, std::move(referred));
  for (auto* each : services_.in_start_order())
    if (each->singleton)
      each->role = roles_.get(each->name);
  settle_compartments();
  listen_admin();
  running();
  bulkheads_.start(engine_->system(), engine_->events());
  cpu_quotas_.start(engine_->system(), engine_->events());
  make_gates();
  manage_bulkheads();
  roles_.settle(engine_->events());
  enter_cluster();
  started_ = true;
  start_root();
  if (!cluster_)
    roles_.hold_all(engine_->boot());
  start_singletons();
  start_admin();
  if (cluster_)
    cluster_->start();
  for (const auto& hook : on_start)
    hook();
  start_load_shedder();
  start_warnings();
  auto pairs = announcements;
  pairs.insert(pairs.begin(), {"version", version()});
  pairs.emplace_back("journal", engine_->journal().state());
  engine_->tell_of_journal();
  serving_ = true;
  tell(event_kind::node_started, std::move(pairs));
}

void node_core::settle_compartments() {
  given_.overrides.check_names(override_subject::bulkhead, bulkheads_.names());
  given_.overrides.check_names(override_subject::cpu_quota,
                               cpu_quotas_.names());
  given_.overrides.check_names(override_subject::guard, guards_.names());
  load_shedding_choice choice{load_shedding_.has_value(),
                              load_shedding_.value_or(load_shedding_options{})};
  given_.overrides.apply(choice);
  if (auto complaint = validate(choice.limits))
    throw config_error{*complaint};
  load_shedding_ = choice.enabled ? std::optional{choice.limits} : std::nullopt;
}

/// From now on they are known by name, and who works in which.
void node_core::manage_bulkheads() {
  const auto& manager = engine_->bulkheads();
  auto must = [](const caf::error& why) {
    if (why)
      throw config_error{describe(why)};
  };
  for (const auto& [name, each] : bulkheads_.all())
    must(manager.add(each));
  for (const auto& [name, each] : cpu_quotas_.all())
    must(manager.add(each));
  for (const auto* each : services_.in_start_order())
    if (!each->bulkhead.empty())
      must(manager.assign(each->name, each->bulkhead));
  for (const auto* each : services_.in_start_order())
    if (!each->cpu_quota.empty())
      must(manager.assign(each->name, each->cpu_quota));
}

/// When all is up, because a start is no pressure.
void node_core::start_load_shedder() {
  if (!load_shedding_)
    return;
  auto& sys = engine_->system();
  load_shedder_ = spawn_load_shedder(
    sys, {.load_shedding = *load_shedding_,
          .source = std::make_shared<node_gauges>(sys),
          .bulkheads = [all = engine_->bulkheads()] { return all.all(); },
          .events = engine_->events()});
}

void node_core::start_root() {
  auto find = [this](const std::string& name) {
    return *engine_->gates().find(name);
  };
  auto note = [state = root_state_](const std::string& service,
                                    const caf::actor& supervisor) {
    std::lock_guard guard{state->lock};
    state->supervisors[service] = supervisor.address();
  };
  auto tree =
    service_tree(services_.in_start_order(),
                 {find, note, children, engine_->events(), engine_->boot()});
  if (auto complaint = validate(tree))
    throw config_error{*complaint};
  root_ = spawn_supervisor(engine_->system(), std::move(tree));
  caf::anon_send(engine_->monitor(), watch_root{root_.address()});
  auto fail = [state = root_state_](const caf::error&, run_context) {
    if (state->stopping)
      return;
    state->failed = true;
    state->wake();
  };
  detail::on_end(caf::actor_cast<caf::strong_actor_ptr>(root_), fail);
}

void node_core::tell(event_kind kind,
                     std::vector<std::pair<std::string, std::string>> pairs) {
  event what;
  what.kind = kind;
  what.level = severity_of(kind);
  what.component = "node/" + given_.node.name;
  for (auto& [key, value] : pairs)
    what.with(std::move(key), std::move(value));
  engine_->events().emit(std::move(what));
}

} // namespace bulwark::detail
