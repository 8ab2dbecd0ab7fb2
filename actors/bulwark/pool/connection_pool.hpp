#pragma once

#include <bulwark/pool/acquire_connection.hpp>
#include <bulwark/pool/connection_lease.hpp>
#include <bulwark/pool/connection_pool_settings.hpp>
#include <bulwark/pool/detail/connection_driver.hpp>
#include <bulwark/pool/detail/connection_table.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/local_actor.hpp>
#include <caf/scoped_actor.hpp>

#include <memory>
#include <utility>

namespace bulwark {

namespace detail {

/// A connection pool of whatever type.
///
/// Safe to call from any thread. Copies refer to the same pool.
class any_connection_pool {
public:
  any_connection_pool() = default;

  /// @throws std::invalid_argument if a setting breaks its rule
  any_connection_pool(caf::actor_system& sys, connection_pool_settings settings,
                      std::shared_ptr<const connection_driver> driver);

  const caf::actor& handle() const noexcept { return handle_; }
  const bulkhead& compartment() const noexcept { return compartment_; }

  void stop() const;

  connection_counts counts() const;

  /// Returns why an actor may not wait for an answer, or nothing; and notes it
  /// as the owner.
  caf::error prepare(acquire_connection& what, caf::local_actor* owner) const;

  caf::actor_system& system() const noexcept { return *sys_; }

private:
  caf::actor_system* sys_ = nullptr;
  bulkhead compartment_;
  caf::actor handle_;
};

} // namespace detail

/// A bounded number of connections that actors share: opened when they are
/// needed, validated when they were idle, closed when they are old or broken,
/// taken back when their user dies.
///
/// `Connector` says how, from several threads at a time, which are the pool's
/// own: what blocks in it holds up nobody, and is given up at its limit.
///
///     struct connector {
///       using connection = ...;
///       std::unique_ptr<connection> open() const;     // throws if it cannot
///       bool validate(connection&) const;             // may throw as well
///       void close(connection&) const;                // optional; may throw
///       void interrupt(connection&) const noexcept;   // optional
///     };
///
/// `interrupt` has what waits on the connection in another thread fail soon; it
/// may run at the same time as anything but the destructor of the connection.
///
/// Safe to call from any thread. Copies refer to the same pool.
template <class Connector>
class connection_pool {
public:
  using connection = typename Connector::connection;
  using lease = connection_lease<connection>;
  using offer = connection_offer<connection>;

  connection_pool() = default;

  /// Starts it; `min` connections are opened at once.
  /// @throws std::invalid_argument if a setting breaks its rule
  connection_pool(caf::actor_system& sys, connection_pool_settings settings,
                  Connector how)
    : pool_(sys, std::move(settings),
            std::make_shared<detail::driver_of<Connector>>(std::move(how))) {}

  /// Takes `acquire_connection`.
  const caf::actor& handle() const noexcept { return pool_.handle(); }

  /// Waits for a connection, for an actor with a thread of its own: a service
  /// that is `.blocking()`. An actor on a shared thread would hold up others:
  /// it gets `not_supported`, and has to send `acquire_connection`. Without an
  /// owner nobody's death takes the connection back.
  lease acquire(caf::local_actor* owner, acquire_connection how = {}) const {
    if (auto why = pool_.prepare(how, owner))
      return lease{std::move(why)};
    lease result;
    caf::scoped_actor self{pool_.system(), true};
    // The pool answers at the limit of `how`, and CAF when the pool is gone.
    self->request(handle(), caf::infinite, std::move(how))
      .receive([&](const offer& x) { result = x.take(); },
               [&](caf::error& why) { result = lease{std::move(why)}; });
    return result;
  }

  /// What its permits are from: for statistics, and to resize or isolate it.
  const bulkhead& compartment() const noexcept { return pool_.compartment(); }

  connection_counts counts() const { return pool_.counts(); }

  /// Refuses whoever waits and asks from now on, and closes what is idle or
  /// comes back. What is not back within `close_timeout` closes itself. An
  /// actor system does not end before its pools are stopped.
  void stop() const { pool_.stop(); }

private:
  detail::any_connection_pool pool_;
};

} // namespace bulwark
