#pragma once

#include <bulwark/chaos/experiment.hpp>
#include <bulwark/events/event.hpp>
#include <bulwark/program/detail/node_access.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace bulwark::program {

/// The nodes that an experiment is about: lends them faults, and asks them for
/// figures and for the events that carry its name. A node that does not answer
/// within `patience` is done without: its leases end by themselves.
///
/// Confined to one thread.
class experiment_nodes {
public:
  static constexpr duration patience = std::chrono::seconds{1};

  /// @pre `all` is not empty
  experiment_nodes(std::vector<named_node> all, experiment what);

  /// Events of all nodes carry its name from now on.
  /// @throws std::runtime_error if a node is not reached; config_error if it
  /// refuses
  void begin();

  /// Lends fault number `index` to the node that it is for, or to the first
  /// that takes it. Returns why none does, or nothing.
  std::optional<std::string> lend(size_t index);

  void renew();
  void lift();
  void end();

  /// Returns the events that were not returned before.
  std::vector<event> news();

  /// Adds the figures that conditions name, as far as nodes know them: of the
  /// report over the last minute, and of the metrics of the first node.
  void read(figure_readings& into);

private:
  nlohmann::json order(const char* act) const;
  std::vector<named_node> nodes_for(const fault& what) const;
  bool uses_figures(const std::function<bool(const std::string&)>& which) const;
  void read_report(figure_readings& into);
  void read_metrics(figure_readings& into);

  std::vector<named_node> all_;
  experiment what_;
  std::set<std::tuple<std::string, uint64_t, uint64_t>> seen_;
};

} // namespace bulwark::program
