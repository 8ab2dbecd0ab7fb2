#include <bulwark/supervision/detail/supervision.hpp>

#include <utility>

// Which children there are.

namespace bulwark {

namespace {

shared_restart_options
restart_of(const std::shared_ptr<const child_policy>& policy) {
  return {policy, &policy->restart};
}

} // namespace

supervision::supervision(const supervisor_policy& policy)
  : policy_(policy), limit_(policy.limits.intensity, policy.limits.period) {}

child_key supervision::add(const child_policy& what,
                           std::optional<child_restarts> restarts) {
  return add(std::make_shared<const child_policy>(what), std::move(restarts));
}

supervision::child::child(std::shared_ptr<const child_policy> p)
  : policy(std::move(p)), restarts(restart_of(policy)) {}

child_key supervision::add(std::shared_ptr<const child_policy> what,
                           std::optional<child_restarts> restarts) {
  auto key = next_key_++;
  auto& added = children_.emplace_back(key, std::move(what))->second;
  if (restarts) {
    added.restarts = *std::move(restarts);
    added.restarts.change(restart_of(added.policy));
  }
  return key;
}

void supervision::drop(child_key key) {
  children_.erase(key);
}

void supervision::change(child_key key, const restart_options& restart) {
  auto* who = locate(key);
  if (who == nullptr)
    return;
  auto changed = std::make_shared<child_policy>(*who->policy);
  changed->restart = restart;
  who->policy = std::move(changed);
  who->restarts.change(restart_of(who->policy));
}

const supervision::child* supervision::find(child_key key) const noexcept {
  auto it = children_.find(key);
  return it != children_.end() ? &it->second : nullptr;
}

supervision::child* supervision::locate(child_key key) noexcept {
  auto it = children_.find(key);
  return it != children_.end() ? &it->second : nullptr;
}

supervision::child* supervision::match(child_key key, uint64_t incarnation) {
  auto* who = locate(key);
  return who != nullptr && who->restarts.incarnation() == incarnation ? who
                                                                      : nullptr;
}

} // namespace bulwark
