#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/pool/detail/pool_permits.hpp>
#include <bulwark/pool/detail/worker_pool.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <caf/actor_addr.hpp>
#include <caf/message_handler.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace bulwark::detail {

/// To a pool: end. The actor system waits while anybody holds `until`.
struct stop_pool {
  std::shared_ptr<const void> until;
};

/// Stops a pool. Its actor system runs on until the pool has ended: what it
/// still waits for needs the clock, and what it sends needs the scheduler.
void send_stop(caf::actor_system& sys, const caf::actor& pool);

/// What the actors of all pools have in common: permits, threads, a timer, a
/// look at who asked, and an end within a limit.
class pool_actor : public system_actor {
public:
  struct frame {
    std::string name;
    bulkhead compartment;
    // The compartment is the pool's own, and ends with it.
    bool owned = false;
    std::unique_ptr<worker_host> threads;
    worker_options workers;
    // How long it takes to end at most.
    duration shutdown{};
  };

  pool_actor(caf::actor_config& config, frame parts, emitter events);

  void on_exit() override;

protected:
  // -- what each pool does in its way -----------------------------------------

  virtual void on_verdict(const pool_permits::verdict& what) = 0;
  virtual void on_owner_down(const caf::actor_addr& who) = 0;
  virtual void on_tick(time_point now) = 0;

  /// Looks at what can be done now; after each message.
  virtual void proceed() {}

  /// When it wants to look at the time again, apart from permits and threads.
  virtual std::optional<time_point> next_due() const { return std::nullopt; }

  /// Refuses who waits: nothing is begun any more.
  virtual void begin_stop() = 0;

  /// Whether nothing is left that an orderly end waits for.
  virtual bool empty() const = 0;

  /// Gives up what is not done at the end.
  virtual void give_up() {}

  /// Drops what it holds for others, at the very end.
  virtual void clear() = 0;

  // -- what they share --------------------------------------------------------

  /// What every pool understands, beside its own messages.
  caf::message_handler common_messages();

  void look_around();
  void watch(const caf::actor_addr& who);

  const std::string& title() const noexcept { return title_; }
  bool stopping() const noexcept { return stopping_.has_value(); }

  /// Returns `wanted` if it may wait so long, or nothing.
  std::optional<caf::error> complaint_about_wait(duration wanted,
                                                 const char* field) const;

  /// What one is told who gets none of what the pool has. `thing` is that in
  /// one word, `use` how much of it there is and in what state.
  caf::error refusal(errc why, const std::string& thing, const std::string& use,
                     duration waited) const;

  /// Who asked, as reports name it.
  static std::string consumer_name(std::string given,
                                   const caf::strong_actor_ptr& owner);

  std::optional<pool_permits> permits_;
  std::optional<worker_pool> workers_;

private:
  void on_time();
  void on_stop(stop_pool& what);
  void arm();

  const std::string title_;
  const duration shutdown_;
  bulkhead own_;
  caf::strong_actor_ptr bell_;
  timer_stack alarms_;
  std::set<caf::actor_addr> owners_;
  std::optional<time_point> stopping_;
  std::shared_ptr<const void> until_;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::stop_pool)
