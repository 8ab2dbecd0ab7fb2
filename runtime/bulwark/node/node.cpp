#include <bulwark/bulkhead/bulkhead_requests.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/node.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/supervisor/child_requests.hpp>
#include <bulwark/supervisor/detail/check_spec.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <system_error>
#include <utility>

namespace bulwark {

namespace {

std::function<void()> checked(std::function<void()> hook, const char* call) {
  if (!hook)
    throw config_error{std::string{call}
                       + ": the hook is null; it must be a function"};
  return hook;
}

} // namespace

service_builder node::declare(const std::string& name,
                              replica_factory factory) {
  return service_builder{core_.declare(name, std::move(factory))};
}

remote_service_builder node::remote_service(const std::string& name) {
  return remote_service_builder{core_.declare_remote(name)};
}

void node::child(child_spec spec) {
  if (auto complaint = detail::check_spec(spec, {}))
    throw config_error{*complaint};
  core_.children.push_back(std::move(spec));
}

node& node::bulkhead(const std::string& name, const bulkhead_options& options) {
  core_.declare_bulkhead(name, options);
  return *this;
}

node& node::load_shedding(const load_shedding_options& options) {
  core_.declare_load_shedding(options);
  return *this;
}

bulkhead node::find_bulkhead(const std::string& name) {
  return core_.find_bulkhead(name);
}

std::future<void> node::resize(const std::string& bulkhead, uint64_t capacity,
                               uint64_t reserved_for_critical) {
  return bulwark::ask<void>(system(), find_bulkhead(bulkhead).handle(),
                            resize_bulkhead{capacity, reserved_for_critical});
}

std::future<void> node::isolate(const std::string& bulkhead, isolation level,
                                const std::string& reason) {
  return bulwark::ask<void>(system(), find_bulkhead(bulkhead).handle(),
                            isolate_bulkhead{level, reason});
}

std::future<void> node::drain_bulkhead(const std::string& bulkhead,
                                       const std::string& reason) {
  return bulwark::ask<void>(system(), find_bulkhead(bulkhead).handle(),
                            bulwark::drain_bulkhead{reason});
}

std::future<void> node::scale(const std::string& service, size_t replicas) {
  return bulwark::ask<void>(system(), supervisor(service),
                            scale_children{replicas});
}

bulkhead_manager node::bulkheads() {
  return core_.running().bulkheads();
}

node& node::cpu_quota(const std::string& name,
                      const cpu_quota_options& options) {
  core_.declare_cpu_quota(name, options);
  return *this;
}

cpu_quota node::find_cpu_quota(const std::string& name) {
  return core_.find_cpu_quota(name);
}

guard_options node::guard(const std::string& name,
                          const guard_options& options) {
  return core_.declare_guard(name, options);
}

role node::role(const std::string& name) {
  return bulwark::role{core_.role_of(name)};
}

std::shared_ptr<service_breaker> node::breaker(const std::string& service) {
  return core_.find_breaker(service);
}

gate_protection node::protection(const std::string& service) {
  return core_.found_gate(service).protection();
}

void node::protect(const std::string& service, const retry_options& retry,
                   const retry_budget_options& budget) {
  if (auto complaint = core_.found_gate(service).protect(retry, budget))
    throw config_error{*complaint};
}

caf::actor node::gate(const std::string& service) {
  return core_.gate_of(service);
}

caf::actor_system_config& node::config() {
  return core_.config();
}

void node::refuse_option(const std::string& name) const {
  throw config_error{"option --" + name + " has no value: "
                     + (has_option(name)
                          ? "the program asks for it as another type than it "
                            "declared"
                          : "it was not given and has no default, or the "
                            "program has no such option")};
}

const std::any* node::find_option(const std::string& name) const {
  const auto& all = core_.given().program;
  auto known = all.find(name);
  return known == all.end() ? nullptr : &known->second;
}

const std::string& node::name() const {
  return core_.given().node.name;
}

std::filesystem::path node::data() const {
  const auto& path = core_.given().node.data;
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (failure)
    throw config_error{"--data is " + bulwark::quoted(path.string())
                       + "; it cannot be made: " + failure.message()};
  return path;
}

caf::actor_system& node::system() {
  return core_.running().system();
}

const emitter& node::events() {
  return core_.running().events();
}

void node::record_failure_event(std::string component_id,
                                std::string failure_type, severity level,
                                event_metadata metadata) {
  bulwark::record_failure_event(events(), std::move(component_id),
                                std::move(failure_type), level,
                                std::move(metadata));
}

void node::record_recovery_event(std::string component_id,
                                 std::string recovery_method,
                                 duration recovery_time,
                                 event_metadata metadata) {
  bulwark::record_recovery_event(events(), std::move(component_id),
                                 std::move(recovery_method), recovery_time,
                                 std::move(metadata));
}

caf::actor node::monitor() {
  return core_.running().monitor();
}

caf::actor node::supervisor(const std::string& service) {
  return core_.find_supervisor(service);
}

caf::actor node::dead_letters() {
  return core_.running().letters().handle;
}

dead_letter_box node::letter_box() {
  return core_.running().letters().box;
}

void node::on_start(std::function<void()> hook) {
  core_.on_start.push_back(checked(std::move(hook), "on_start"));
}

void node::on_drain(std::function<void()> hook) {
  core_.on_drain.push_back(checked(std::move(hook), "on_drain"));
}

void node::on_stop(std::function<void()> hook) {
  core_.on_stop.push_back(checked(std::move(hook), "on_stop"));
}

void node::announce(const std::string& key, const std::string& value) {
  if (auto complaint = validate_name("key of announce", key))
    throw config_error{*complaint};
  core_.announce(key, value);
}

void node::stop() noexcept {
  core_.ask_to_stop();
}

bool node::chaos() const noexcept {
  return core_.given().node.chaos;
}

bool node::draining() const noexcept {
  return core_.draining();
}

node_health node::health() const {
  return core_.health();
}

} // namespace bulwark
