#pragma once

#include <bulwark/pool/acquire_connection.hpp>
#include <bulwark/pool/connection_pool_settings.hpp>
#include <bulwark/pool/detail/connection_driver.hpp>
#include <bulwark/pool/detail/connection_table.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>

#include <caf/actor_addr.hpp>
#include <caf/response_promise.hpp>

#include <map>
#include <memory>
#include <string>

namespace bulwark::detail {

/// A job of a connection pool is done.
struct connection_job_done {
  uint64_t id = 0;
  bool worked = false;
  // What was opened, or why not.
  std::shared_ptr<void> object;
  std::string error;
};

/// To a connection pool, answered with `connection_counts`.
struct connection_counts_request {};

/// The actor of a connection pool: performs what `connection_table` decides.
/// What blocks it leaves to its threads.
class connection_pool_actor : public pool_actor {
public:
  connection_pool_actor(caf::actor_config& config,
                        const connection_pool_settings& settings,
                        bulkhead compartment,
                        std::shared_ptr<const connection_driver> driver,
                        std::unique_ptr<worker_host> threads);

  const char* name() const override { return "bulwark.connection_pool"; }

protected:
  caf::behavior make_behavior() override;

  void on_verdict(const pool_permits::verdict& what) override;
  void on_owner_down(const caf::actor_addr& who) override;
  void on_tick(time_point now) override;
  std::optional<time_point> next_due() const override;
  void begin_stop() override;
  bool empty() const override { return table_.empty(); }
  void clear() override;

private:
  enum class job : uint8_t { open, validate, close, interrupt, stray };

  /// Who waits, for a permit or for a connection.
  struct request {
    caf::response_promise promise;
    // It asked, and did not just send.
    bool wanted = false;
    caf::actor_addr owner;
    std::string consumer;
    duration wait{};
    time_point since{};
  };

  /// Who has one.
  struct tenancy {
    uint64_t want = 0;
    caf::actor_addr owner;
    std::string consumer;
    time_point since{};
  };

  void on_acquire(acquire_connection& what);
  void on_returned(connection_returned& what);
  void on_job_done(connection_job_done& what);

  static double chance();
  void perform(const connection_steps& steps);
  void perform(const connection_step& step);
  void start(job what, uint64_t id);
  void run(uint64_t task, job what, std::shared_ptr<void> object);
  void abandon(uint64_t id);
  void finish(job what, connection_job_done& result);
  void close_stray(std::shared_ptr<void> object);
  void give(uint64_t id, uint64_t want);
  void refuse(uint64_t want, const caf::error& why);

  caf::error full(errc why, const request& who) const;
  caf::error failed() const;
  void note_timeout(uint64_t id);
  void tell_lost();
  void tell_restored();
  void tell_of(uint64_t connection, event_kind kind, std::string reason) const;
  void taken_back(uint64_t connection);

  const connection_options options_;
  std::shared_ptr<const connection_driver> driver_;
  connection_table table_;

  uint64_t wants_ = 0;
  uint64_t strays_ = uint64_t{1} << 63;
  std::map<uint64_t, request> requests_;
  std::map<uint64_t, tenancy> leases_;
  std::map<uint64_t, std::shared_ptr<void>> objects_;
  // Permits of those that were taken back and cannot be woken.
  std::map<uint64_t, uint64_t> doomed_;
  // Given back while somebody was still about to wake its user.
  std::map<uint64_t, std::shared_ptr<void>> returned_;
  // What each job is for, by connection or number of the stray.
  std::map<uint64_t, job> jobs_;
  std::string last_error_;
  time_point lost_at_{};
  bool owner_died_ = false;
};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::connection_job_done)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::connection_counts_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::connection_counts)
