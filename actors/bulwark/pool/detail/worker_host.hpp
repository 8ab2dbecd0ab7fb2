#pragma once

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bulwark::detail {

/// Threads of the system, known by the numbers of a `worker_plan`. They do what
/// they are told, one job after the other; tests have one without threads.
///
/// Confined to one actor.
class worker_host {
public:
  using job = std::function<void()>;

  worker_host() = default;
  worker_host(const worker_host&) = delete;
  worker_host& operator=(const worker_host&) = delete;

  /// Ends all threads that have nothing to do and abandons the others.
  virtual ~worker_host() = default;

  /// Has a thread do `what`, and starts that thread if need be. Returns false
  /// when the system gives no more threads; then `what` was dropped.
  virtual bool run(uint64_t worker, job what) = 0;

  /// Ends a thread that has nothing to do.
  virtual void end(uint64_t worker) = 0;

  /// Ends a thread when it comes back from its job. Nobody waits for that, the
  /// actor system neither: what the job does then must not need it.
  virtual void abandon(uint64_t worker) = 0;
};

/// Returns one whose threads are called `name`, as far as the system shows it.
/// An actor system that ends waits for those that were not abandoned.
std::unique_ptr<worker_host> make_worker_host(caf::actor_system& sys,
                                              const std::string& name);

} // namespace bulwark::detail
