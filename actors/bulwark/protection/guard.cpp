#include <bulwark/protection/detail/guard_core.hpp>
#include <bulwark/protection/guard.hpp>
#include <bulwark/text/validate_name.hpp>

#include <stdexcept>

namespace bulwark {

namespace {

std::string checked(std::string name, const guard_options& options) {
  auto complaint = validate_name("guard name", name);
  if (!complaint)
    complaint = validate(options);
  if (complaint)
    throw std::invalid_argument(*complaint);
  return name;
}

} // namespace

guard::guard(std::string name, const guard_options& options, guard_hooks hooks)
  : core_(std::make_unique<detail::guard_core>(
    checked(std::move(name), options), options, std::move(hooks))) {}

guard::~guard() = default;

call_report guard::run(const guarded_call& how,
                       const std::function<void(attempt&)>& fn) {
  return core_->run(how.endpoint, how.deadline, fn);
}

const std::string& guard::name() const noexcept {
  return core_->name();
}

breaker_state guard::state(std::string_view endpoint) {
  return metrics(endpoint).state;
}

breaker_metrics guard::metrics(std::string_view endpoint) {
  return core_->metrics(endpoint);
}

void guard::set(breaker_state to, std::string_view endpoint) {
  core_->set(to, endpoint);
}

time_point guard::now() const {
  return core_->clock().now();
}

wall_time guard::wall_now() const {
  return core_->clock().wall_now();
}

} // namespace bulwark
