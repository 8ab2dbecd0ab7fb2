#pragma once

#include <bulwark/caf/detail/element.hpp>
#include <bulwark/caf/detail/system_job.hpp>

#include <caf/error.hpp>
#include <caf/invoke_message_result.hpp>

namespace bulwark::detail {

/// A system actor that nothing can end that anyone can send. Exit messages and
/// stream messages are dropped before they reach the mailbox: CAF 0.17.6 obeys
/// `exit_reason::kill` before any handler runs, and `exit_msg.source` can be
/// forged. Who opened a stream by one is told that it is refused, and who asked
/// by one gets an answer.
///
/// Confined to one actor, except for `enqueue`.
class unstoppable_job : public system_job {
public:
  using system_job::enqueue;
  using system_job::system_job;

  void enqueue(element_ptr what, caf::execution_unit* eu) final;

  using system_job::consume;
  caf::invoke_message_result consume(element& what) final;

protected:
  /// Called before each message is handled.
  virtual void before_message() {}

  /// Called for each message that is dropped, an "exit message" or a "stream
  /// message", in its sender's thread.
  virtual void on_dropped(const char* what,
                          const caf::strong_actor_ptr& from) noexcept = 0;

  /// Returns what a client is answered whose message was dropped. Called from
  /// any thread.
  virtual caf::error refusal_of(const char* what) const = 0;
};

} // namespace bulwark::detail
