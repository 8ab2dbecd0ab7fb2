#include <bulwark/cluster/detail/role_state.hpp>
#include <bulwark/cluster/role.hpp>
#include <bulwark/options/config_error.hpp>

#include <utility>

namespace bulwark {

namespace {

template <class Hook>
void add_role_hook(const detail::role_state& of, const char* call,
                   std::vector<Hook>& to, Hook hook) {
  auto text = "role " + of.name() + ": " + call;
  if (of.settled)
    throw config_error{text + " is called after the node was started"};
  if (!hook)
    throw config_error{text + ": the hook is null; it must be a function"};
  to.push_back(std::move(hook));
}

} // namespace

const std::string& role::name() const noexcept {
  return state_->name();
}

std::optional<uint64_t> role::token() const {
  return state_->token();
}

role& role::on_gained(std::function<void(uint64_t token)> hook) {
  add_role_hook(*state_, "on_gained", state_->on_gained, std::move(hook));
  return *this;
}

role& role::on_lost(std::function<void()> hook) {
  add_role_hook(*state_, "on_lost", state_->on_lost, std::move(hook));
  return *this;
}

} // namespace bulwark
