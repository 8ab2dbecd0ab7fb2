#pragma once

#include "simulation/entry.hpp"

#include <algorithm>
#include <string>

namespace test::sim {

inline bool has(const bulwark::event& what, const std::string& key) {
  return std::any_of(what.metadata.begin(), what.metadata.end(),
                     [&](const auto& each) { return each.first == key; });
}

/// Tells a child that is beyond its own limit, and takes its supervisor with
/// it, from a supervisor that is beyond the limit of its children: both are
/// told as `intensity_exceeded` of the same path. The first follows at once on
/// a failure of the child that promises no restart.
///
/// Confined to one thread.
class own_limits {
public:
  /// Whether `what`, the next event, tells of the first.
  bool escalates(const entry& what) const {
    return what.event->kind == bulwark::event_kind::intensity_exceeded
           && failed_ != none && what.node == failed_;
  }

  /// Notes the event when all have looked at it.
  void on(const entry& what) {
    using bulwark::event_kind;
    auto& told = *what.event;
    if (told.kind == event_kind::service_down)
      return;
    auto failed = told.incarnation > 0
                  && (told.kind == event_kind::child_failed
                      || told.kind == event_kind::supervisor_failed)
                  && !has(told, "restart_in") && !has(told, "cool_down");
    failed_ = failed ? what.node : none;
  }

private:
  size_t failed_ = none;
};

} // namespace test::sim
