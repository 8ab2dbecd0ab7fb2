#include <bulwark/gate/detail/group_doors.hpp>

namespace bulwark::detail {

/// When a node ends its replicas stop one after the other, and none takes over;
/// while it drains they serve on, and one that crashes is stood in for.
void group_doors::note(const gate_replica& what) {
  const auto& change = what.change;
  auto it = uint64_t{1} << what.index % 64;
  switch (change.state) {
  case child_state::starting:
    return of_.group.starting(what.index);
  case child_state::up:
    told_to_stop_ &= ~it;
    return of_.group.up(what.index, change.incarnation);
  case child_state::stopping:
    if (of_.refusal() != errc{})
      told_to_stop_ |= it;
    [[fallthrough]];
  case child_state::abandoned:
  case child_state::stopped:
    if ((told_to_stop_ & it) != 0)
      return;
    break;
  case child_state::failed:
  case child_state::waiting:
    break;
  }
  of_.group.down(what.index, change.incarnation, change.reason);
}

/// Whoever takes over first, and then who is relieved: between the two both are
/// there, rather than nobody.
void group_doors::arrange(run_context eu, const caf::strong_actor_ptr& stage) {
  if (!of_.group.armed())
    return;
  of_.group.wake();
  while (of_.group.take_changed()) {
    auto used = of_.group.used();
    for (size_t i = 0; i < of_.slots.replicas(); ++i)
      if ((used >> i & 1) != 0 && !of_.slots[i].door.is_open())
        serve_.open_again(static_cast<uint8_t>(i), eu, stage);
    close_unused(used);
    of_.group.arranged();
  }
}

void group_doors::close_unused(uint64_t used) {
  bool any = false;
  of_.line.with_doors([&](doors& all) {
    for (size_t i = 0; i < of_.slots.replicas(); ++i) {
      auto& it = of_.slots[i];
      if ((used >> i & 1) != 0 || !it.door.is_open())
        continue;
      all.close(it, it.incarnation);
      any = true;
    }
  });
  // What would rather have gone there may wait for it.
  if (any && of_.retries.armed())
    of_.pokes.poke();
}

} // namespace bulwark::detail
