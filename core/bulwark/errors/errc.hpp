#pragma once

#include <cstdint>
#include <string>

namespace bulwark {

/// What refused a request, or why it was not answered with a value. Every
/// error a gate sends carries one of these codes and a text that names the
/// service.
///
/// Codes start at 1, because CAF reads code 0 of any category as "no error".
enum class errc : uint8_t {
  /// The service crashed on this very request: its handler threw, or that of
  /// a response that it waited for, or such a response was an error that
  /// nobody handles. It is not tried again; the text holds type and message of
  /// the exception.
  service_crashed = 1,
  /// The deadline passed. The service may still be working on the request.
  timed_out,
  /// The node of the service was lost, or no node offers the service.
  unreachable,
  /// The service failed too often and cools down; see `restart_options`.
  service_failed,
  /// The replica got stuck in the handler of this request and was abandoned. Of
  /// a blocking actor nobody sees which request it handles: then all that it
  /// had not answered are told so.
  service_hung,
  /// The service was stopped and will not come back in this process: its
  /// supervisor or its node has stopped it, or its last replica has ended in an
  /// orderly way and is not started again.
  stopped,
  /// The node drains: it finishes what it has and takes nothing new.
  draining,
  /// No replica is up and as much waits already as may wait.
  stash_full,
  /// No replica was free for it as long as a message may wait for one.
  stash_expired,
  /// The message was delegated between gates too many times.
  too_many_hops,
  /// As many requests are in flight as a gate can track.
  too_many_requests,
  /// A message kind that a gate cannot carry: streams.
  not_supported,
  /// No service of that name is known on this node.
  no_such_service,
  /// An option or child spec was refused; the text names field, value, rule.
  invalid_option,
  /// No child has that id.
  not_found,
  /// A child of that id runs, or is about to.
  already_started,
  /// A child of that id does not run.
  already_present,
  /// The child runs.
  running,
  /// The bulkhead has no permit free and lets nobody wait, or nobody more. The
  /// error also holds the bulkhead's name and its utilization, see
  /// bulkhead_refusal.hpp.
  bulkhead_full,
  /// No permit came free within the time that one may wait for it.
  bulkhead_timeout,
  /// The bulkhead is isolated, or drains, and takes nothing of this priority.
  bulkhead_isolated,
  /// More often than the limit of the rate allows.
  rate_limited,
  /// No bulkhead of that name is known on this node.
  no_such_bulkhead,
  /// Released more than was held, or a permit that is not one's own.
  not_held,
  /// The budget of bytes is used up; or a gate has no memory left to take the
  /// request or to hand it on: then no replica got it.
  memory_exhausted,
  /// A task given to a thread pool threw; the text holds type and message.
  task_failed,
  /// A task was given up before it was done: its pool was stopped or it was
  /// stuck and its thread replaced.
  task_abandoned,
  /// No connection could be opened.
  connection_failed,
  /// The replica that had taken the request up ended before it answered, or
  /// got stuck in another handler and was abandoned. This request did not
  /// cause that; it may have been worked on. What is idempotent is tried again
  /// first, see `gate_options::bystander_limit`.
  replica_lost,
  /// A message or an answer could not travel between two nodes: one of them
  /// does not know its type, or reads it differently than the other one has
  /// written it. The text names the type; `message_refused` tells of it on the
  /// node that found it out.
  message_type,
  /// The circuit breaker lets no call through: the service has failed too
  /// often, or an operator holds it open. Nothing was begun.
  circuit_open,
};

/// Returns the name of `code` as written above, or `errc(N)` for a number
/// that has no name.
std::string to_string(errc code);

} // namespace bulwark
