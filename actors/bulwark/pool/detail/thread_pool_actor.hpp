#pragma once

#include <bulwark/detail/hardened.hpp>
#include <bulwark/pool/detail/permit_desk.hpp>
#include <bulwark/pool/detail/work_crew.hpp>
#include <bulwark/pool/thread_pool.hpp>

#include <caf/actor_addr.hpp>
#include <caf/response_promise.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace bulwark::detail {

/// A task of a thread pool has come to its end.
struct task_done {
  uint64_t id = 0;
  caf::message answer;
  bool failed = false;
};

/// To a thread pool, answered with `thread_counts`.
struct thread_counts_request {};

/// The actor of a thread pool: performs what the bulkhead and `worker_plan`
/// decide.
class thread_pool_actor : public hardened {
public:
  thread_pool_actor(caf::actor_config& config,
                    const thread_pool_settings& settings, bulkhead compartment,
                    std::unique_ptr<worker_host> threads);

  const char* name() const override { return "bulwark.thread_pool"; }

  void on_exit() override;

protected:
  caf::behavior make_behavior() override;

private:
  using work = std::function<caf::message()>;

  struct entry {
    caf::response_promise promise;
    // It was asked for, and not just sent.
    bool wanted = false;
    caf::actor_addr owner;
    std::string consumer;
    work what;
    duration wait{};
    bool running = false;
    time_point since{};
  };

  void on_task(pool_task& what);
  caf::result<caf::message> on_message(caf::message_view& what);
  void submit(work what, call_priority priority, duration wait,
              std::string consumer);
  void on_verdict(const permit_desk::verdict& what);
  void on_done(task_done& what);
  void on_owner_down(const caf::actor_addr& who);
  void on_time();
  void on_stuck(const work_crew::stuck& what);
  void stop();
  void start_ready();
  void start(uint64_t id);
  void finish(uint64_t id, caf::message answer);
  void look_around();
  void arm();

  caf::error refused(errc why, const entry& who) const;
  caf::error abandoned(const std::string& why) const;
  void tell_of(const entry& whose, event_kind kind, std::string reason) const;
  thread_counts counts() const;

  const thread_pool_settings settings_;
  // Its own, and not one that was there already.
  bulkhead own_;
  std::optional<permit_desk> desk_;
  std::optional<work_crew> crew_;
  caf::strong_actor_ptr bell_;
  std::optional<time_point> alarm_;

  uint64_t ids_ = 0;
  std::map<uint64_t, entry> tasks_;
  // They have a permit; there are more permits than threads.
  std::deque<uint64_t> ready_;
  std::set<caf::actor_addr> owners_;
  thread_counts totals_;
  std::optional<time_point> stopping_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::task_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::thread_counts_request)
