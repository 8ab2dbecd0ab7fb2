#pragma once

#include <bulwark/pool/detail/pool_actor.hpp>
#include <bulwark/pool/thread_pool.hpp>

#include <caf/actor_addr.hpp>
#include <caf/response_promise.hpp>

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
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
class thread_pool_actor : public pool_actor {
public:
  thread_pool_actor(caf::actor_config& config,
                    const thread_pool_settings& settings, bulkhead compartment,
                    std::unique_ptr<worker_host> threads);

  const char* name() const override { return "bulwark.thread_pool"; }

protected:
  caf::behavior make_behavior() override;

  void on_verdict(const pool_permits::verdict& what) override;
  void on_owner_down(const caf::actor_addr& who) override;
  void on_tick(time_point now) override;
  void proceed() override;
  void begin_stop() override;
  bool empty() const override { return tasks_.empty(); }
  void give_up() override;
  void clear() override { tasks_.clear(); }

private:
  using work = std::function<caf::message()>;

  struct order {
    work what = {};
    call_priority priority = call_priority::normal;
    duration wait{};
    std::string consumer = {};
    // What its letter says of it, should it become one.
    caf::message content = {};
    bool repeatable = true;
  };

  struct entry {
    caf::response_promise promise;
    // It was asked for, and not just sent.
    bool wanted = false;
    // Of what was just sent.
    lost_message letter;
    caf::actor_addr owner;
    std::string consumer;
    work what;
    duration wait{};
    bool running = false;
    time_point since{};
  };

  void on_task(pool_task& what);
  caf::result<caf::message> on_message(caf::message_view& what);
  caf::result<caf::message> cannot_move(const std::exception_ptr& thrown);
  void submit(order what);
  void on_done(task_done& what);
  void on_stuck(const worker_pool::stuck& what);
  void start(uint64_t id);
  void finish(uint64_t id, caf::message answer);
  void to_dead_letter(entry whose, const caf::error& why) const;

  caf::error refused(errc why, const entry& who) const;
  caf::error abandoned(const std::string& why) const;
  void tell_of(const entry& whose, event_kind kind, std::string reason) const;
  thread_counts counts() const;

  const thread_pool_settings settings_;

  uint64_t ids_ = 0;
  std::map<uint64_t, entry> tasks_;
  // They have a permit; there are more permits than threads.
  std::deque<uint64_t> ready_;
  thread_counts totals_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::task_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::thread_counts_request)
