#pragma once

#include <bulwark/gate/detail/gate_command.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/serving.hpp>

#include <caf/fwd.hpp>

#include <cstdint>

namespace bulwark::detail {

/// Opens and closes the doors of a gate's replicas as its group says: one that
/// is up behind a closed door stands by, or is ejected.
///
/// For the gate's own handlers only.
class group_doors {
public:
  group_doors(gate_parts& of, serving& serve) : of_(of), serve_(serve) {}

  /// What became of a replica. Before the gate does anything about it.
  void note(const gate_replica& change);

  /// Carries out what was decided meanwhile.
  void arrange(run_context eu, const caf::strong_actor_ptr& stage);

  /// When something is due by time alone.
  time_point next() const { return of_.group.next(); }

private:
  void close_unused(uint64_t used);

  gate_parts& of_;
  serving& serve_;

  /// Those that stop because their node ends.
  uint64_t told_to_stop_ = 0;
};

} // namespace bulwark::detail
