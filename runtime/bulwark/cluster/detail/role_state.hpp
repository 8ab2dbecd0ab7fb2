#pragma once

#include <bulwark/cluster/detail/role_grant.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/time/time.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// A role that this node wants: whether it has it, and who hears of it.
///
/// Confined to the setup of a node, then to whoever decides; `token` is safe to
/// call from any thread.
class role_state {
public:
  using clock = std::function<time_point()>;

  /// `now` is the clock that leases are measured with.
  role_state(std::string name, const std::string& node,
             clock now = std::chrono::steady_clock::now);

  role_state(const role_state&) = delete;
  role_state& operator=(const role_state&) = delete;

  const std::string& name() const noexcept { return name_; }

  /// The token of this node's hold, while it has the role.
  std::optional<uint64_t> token() const { return grant_.token_at(now_()); }

  std::vector<std::function<void(uint64_t token)>> on_gained;
  std::vector<std::function<void()>> on_lost;

  /// Whether the node runs, so that nobody may be added to those.
  bool settled = false;

  /// Where gains and losses are told.
  void report_to(emitter events) { events_ = std::move(events); }

  /// It is held until then. The first time since `end` that is told.
  void hold(uint64_t token, time_point until);

  /// It is not held any more. Told, if it was.
  void end(const std::string& why);

  /// Tells that nobody can have it.
  void tell_unavailable(const std::string& why) const;

private:
  void tell(event_kind kind, uint64_t token, const std::string& why) const;

  /// What a hook throws is told and ends nothing.
  template <class Hook, class... Ts>
  void call(const Hook& hook, Ts... arguments) const;

  const std::string name_;
  const std::string component_;
  const clock now_;
  emitter events_;
  role_grant grant_;

  /// The hold that was told.
  std::optional<uint64_t> told_;
};

} // namespace bulwark::detail
