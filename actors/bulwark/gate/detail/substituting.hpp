#pragma once

#include <bulwark/gate/detail/gate_parts.hpp>

namespace bulwark::detail {

/// Finds out what stands in for the errors of calls that wait for that.
///
/// Confined to one actor: for the gate's own handlers.
class substituting {
public:
  explicit substituting(gate_parts& of) : of_(of) {}

  /// Answers all that wait, or asks another service on their behalf, which
  /// answers them then.
  void take_up(run_context eu) noexcept;

  /// Answers all that wait without asking anybody; none waits from now on.
  void end(run_context eu) noexcept;

private:
  void take_up(bereft_call call, run_context eu) noexcept;
  std::optional<caf::message> make(const bereft_call& call) noexcept;
  bool ask(bereft_call& call, run_context eu) noexcept;

  gate_parts& of_;
};

} // namespace bulwark::detail
