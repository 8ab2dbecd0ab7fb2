#pragma once

#include <bulwark/bulkhead/bulkhead_stats.hpp>
#include <bulwark/gate/gate_status.hpp>
#include <bulwark/process/detail/process_usage.hpp>
#include <bulwark/warning/early_warning.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What of a node has a bound, in percent of it: its bulkheads, what waits at
/// its gates, dead letters, memory, and the disk under its journal.
///
/// Confined to one actor.
class resource_figures {
public:
  struct sources {
    std::string node;

    /// Called from the actor's thread. Must be set.
    std::function<std::vector<bulkhead_stats>()> bulkheads;
    std::function<std::vector<gate_status>()> services;
    std::function<double()> dead_letters_percent;

    /// How many messages may wait at the gate of a service.
    std::map<std::string, size_t> stashes;

    /// Where the journal is; empty: there is none.
    std::filesystem::path journal;
  };

  explicit resource_figures(sources from) : from_(std::move(from)) {}

  [[nodiscard]] std::vector<resource_sample> read() const;

private:
  void add_disk(std::vector<resource_sample>& to) const;

  sources from_;
  process_usage usage_;
};

} // namespace bulwark::detail
