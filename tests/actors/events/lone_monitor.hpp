#pragma once

#include "support/deterministic_system.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// A monitor in virtual time, whose wall clock the test may set.
///
/// Confined to one thread.
class lone_monitor {
public:
  explicit lone_monitor(deterministic_system& in, std::string node,
                        bulwark::monitor_options options = {})
    : rig(in), name(std::move(node)) {
    using namespace bulwark;
    options.node = name;
    if (options.boot == 0)
      options.boot = 7;
    options.now = [this] { return clock(); };
    options.sink = [this](const event& what, event_origin from) {
      if (from == event_origin::own)
        own.push_back(what);
    };
    options.on_alert = [this](const alert_change& what) {
      alerts.push_back((what.raised ? "raised " : "resolved ") + what.what.id);
    };
    running = spawn_monitor(rig.system(), std::move(options));
    rig.run();
  }

  lone_monitor(const lone_monitor&) = delete;
  lone_monitor& operator=(const lone_monitor&) = delete;

  ~lone_monitor() {
    bulwark::stop(running.handle);
    rig.run();
  }

  bulwark::wall_time clock() const {
    return bulwark::wall_time{
      std::chrono::duration_cast<std::chrono::microseconds>(
        rig.now().time_since_epoch() + set_by)};
  }

  void emit(bulwark::event_kind kind, const std::string& component) {
    bulwark::event what;
    what.kind = kind;
    what.component = component;
    running.events.emit(std::move(what));
    rig.run();
  }

  /// The two exchange events from now on.
  void meets(lone_monitor& other) {
    knows(other);
    other.knows(*this);
  }

  void knows(const lone_monitor& other) {
    caf::anon_send(running.handle, bulwark::detail::add_peer_monitor{
                                     other.name, other.running.handle, 7});
    rig.run();
  }

  void forgets(const std::string& node) {
    caf::anon_send(running.handle, bulwark::detail::remove_peer_monitor{node});
    rig.run();
  }

  /// Asks, runs, and returns the answer, or the error in words.
  std::string report(const std::string& component = "*",
                     const std::string& format = "json") {
    caf::scoped_actor self{rig.system()};
    auto asked = self->request(running.handle, caf::infinite,
                               bulwark::fault_tolerance_report_request{
                                 format, component, std::chrono::hours{24}});
    rig.run();
    std::string result;
    asked.receive(
      [&](const bulwark::fault_tolerance_report_text& x) { result = x.text; },
      [&](const caf::error& x) { result = rig.system().render(x); });
    return result;
  }

  size_t count(bulwark::event_kind kind) const {
    return static_cast<size_t>(
      std::count_if(own.begin(), own.end(),
                    [kind](const auto& each) { return each.kind == kind; }));
  }

  deterministic_system& rig;
  std::string name;
  std::vector<bulwark::event> own;
  std::vector<std::string> alerts;
  bulwark::running_monitor running;

  /// By how much the wall clock differs from the steady one.
  bulwark::duration set_by{0};
};

} // namespace test
