#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/ledger.hpp>

#include <map>
#include <string>
#include <vector>

/// Events of a cluster on virtual time, as its monitors would number them.
class history {
public:
  /// 2025-01-01 00:00 UTC; all times are told in terms of it.
  static constexpr bulwark::wall_time start{
    std::chrono::microseconds{1'735'689'600'000'000}};

  /// Returns `start + after`.
  static bulwark::wall_time at(bulwark::duration after);

  /// Adds an event that `node` tells at `start + after`.
  bulwark::event& tell(bulwark::duration after, const std::string& node,
                       bulwark::event_kind kind, const std::string& component);

  /// From now on `node` tells events of a boot that began at `start + after`.
  void boot(bulwark::duration after, const std::string& node);

  [[nodiscard]] const std::vector<bulwark::event>& events() const {
    return events_;
  }

  /// Returns a ledger that knows all of them.
  [[nodiscard]] bulwark::ledger book() const;

private:
  struct origin {
    uint64_t boot = 1;
    uint64_t sequence = 0;
    bulwark::duration booted{0};
  };

  std::map<std::string, origin> origins_;
  std::vector<bulwark::event> events_;
};

/// @pre there is one
const bulwark::component_report&
component_of(const bulwark::fault_tolerance_report& report,
             const std::string& id);
