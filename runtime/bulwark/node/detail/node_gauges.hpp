#pragma once

#include <bulwark/bulkhead/pressure_source.hpp>
#include <bulwark/process/detail/process_usage.hpp>
#include <bulwark/process/detail/run_queue_probe.hpp>

namespace bulwark::detail {

/// The gauges of this process.
///
/// Confined to one actor.
class node_gauges final : public pressure_source {
public:
  explicit node_gauges(caf::actor_system& sys) : run_queue_(sys) {}

  pressure_gauges read(time_point now) override {
    return {.run_queue_delay = run_queue_.look(now),
            .cpu = usage_.cpu(now),
            .memory = usage_.memory()};
  }

private:
  run_queue_probe run_queue_;
  process_usage usage_;
};

} // namespace bulwark::detail
