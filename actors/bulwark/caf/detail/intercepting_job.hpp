#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/detail/system_job.hpp>
#include <bulwark/caf/run_context.hpp>

#include <caf/error.hpp>

#include <utility>

namespace bulwark::detail {

/// A system actor that looks at what is sent to it before its mailbox does, in
/// the sender's thread. `Derived` is final and has
///
/// - `void accept(element_ptr, run_context) noexcept`, which any thread may
///   call: an exception that left it would end the process where the message
///   came over the network,
/// - `void at_end(run_context)`, called before CAF ends the actor, also when
///   its system ends before it came to a message.
///
/// Confined to one actor, except for `enqueue`.
template <class Derived>
class intercepting_job : public system_job {
public:
  using system_job::enqueue;
  using system_job::system_job;

  void enqueue(element_ptr what, caf::execution_unit* eu) noexcept final {
    static_cast<Derived*>(this)->accept(std::move(what), eu);
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* eu) final {
    static_cast<Derived*>(this)->at_end(eu);
    return system_job::cleanup(std::move(reason), eu);
  }

protected:
  /// Lets a message into the mailbox.
  void let_in(element_ptr what, run_context on) {
    system_job::enqueue(std::move(what), on);
  }
};

} // namespace bulwark::detail
