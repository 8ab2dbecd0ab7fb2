#pragma once

#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/pool/acquire_connection.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace bulwark {

/// What a task of a thread pool answers: the value that `work` returns, or
/// nothing, or the error or message that it returns.
template <class F>
caf::message answer_of(F& work) {
  using result = std::invoke_result_t<F&>;
  if constexpr (std::is_void_v<result>) {
    work();
    return {};
  } else if constexpr (std::is_same_v<result, caf::message>) {
    return work();
  } else {
    return caf::make_message(work());
  }
}

/// To a thread pool, as a request: have a thread do this. Answered with what
/// the work returns, or with one of these errors, which name the pool:
///
/// - `task_failed`: it threw; tells type and text of the exception.
/// - `task_abandoned`: it got stuck and was replaced, or the pool was stopped.
/// - `bulkhead_full`, `bulkhead_timeout`, `bulkhead_isolated`: no thread was
///   free, see bulkhead_refusal.hpp.
///
///     self->request(pool.handle(), 10s, pool_task{[x] { return resize(x); }})
///       .then([](const image& y) { ...
///
/// A service hands its client on to the pool the same way:
///
///     return self->delegate(pool.handle(), pool_task{[x] { ... }});
///
/// One that was sent, not requested, and would be answered with an error is a
/// dead letter, without its work.
struct pool_task {
  template <class F>
  explicit pool_task(F what, call_priority p = call_priority::normal)
    : work([shared = std::make_shared<F>(std::move(what))] {
        return answer_of(*shared);
      }),
      priority(p) {}

  /// Runs once, in a thread of the pool.
  std::function<caf::message()> work;

  call_priority priority;

  /// How long to wait for a thread; the pool's `wait` where there is nothing.
  std::optional<duration> wait = {};

  /// Under this name its use is counted.
  std::string consumer = current_service();
};

/// What a dead letter says of it.
inline std::string to_string(const pool_task& what) {
  return "a task of " + what.consumer;
}

} // namespace bulwark

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::pool_task)
