#pragma once

#include <bulwark/gate/detail/endings.hpp>
#include <bulwark/gate/detail/gate_parts.hpp>
#include <bulwark/gate/detail/serving.hpp>

namespace bulwark::detail {

/// What becomes of the replies of replicas and other nodes' gates.
///
/// Safe to call from any thread.
class completion {
public:
  completion(gate_parts& of, endings& ends, serving& serve)
    : of_(of), ends_(ends), serve_(serve) {}

  /// Passes a reply to the client, unless the client has its answer already.
  void complete(element_ptr what, run_context eu);

private:
  void drop_late(pending_id id, const request_table::taken& won, element& what,
                 run_context eu);
  bool crash_is_repeated(pending_id id, pending_owner owner);
  void tell_protections(pending_id id, pending_owner owner,
                        const element& what) noexcept;
  bool try_again(pending_id id, const request_table::taken& won,
                 const caf::error& why, run_context eu) noexcept;
  void tell_attempts(pending_id id, element_ptr& answer) noexcept;
  void round_off(pending_id id, element_ptr& answer) noexcept;
  void seek_again(pending_id id, const request_table::taken& won,
                  element& answer, run_context eu);
  element_ptr unpack(pending_id id, element& answer);

  gate_parts& of_;
  endings& ends_;
  serving& serve_;
};

} // namespace bulwark::detail
