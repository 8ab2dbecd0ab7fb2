#pragma once

#include <bulwark/bulkhead/bulkhead.hpp>
#include <bulwark/bulkhead/call_priority.hpp>
#include <bulwark/pool/detail/byte_budget.hpp>
#include <bulwark/pool/memory_exhausted.hpp>

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <utility>

namespace bulwark {

namespace detail {
class memory_charge;
} // namespace detail

/// Memory that is charged to a pool: a service's containers take it, and are
/// really bounded so.
///
///     std::pmr::vector<pixel> image{&account.resource()};
///
/// Beyond the budget it throws `memory_exhausted`, and neighbours get nothing
/// of it. Charges the bytes that were asked for; what the allocator adds is not
/// counted.
///
/// Safe to call from any thread. It must outlive what was taken from it.
class memory_pool_resource : public std::pmr::memory_resource {
public:
  memory_pool_resource(std::shared_ptr<detail::memory_charge> charge,
                       std::pmr::memory_resource* upstream) noexcept
    : charge_(std::move(charge)), upstream_(upstream) {}

private:
  void* do_allocate(size_t bytes, size_t alignment) override;
  void do_deallocate(void* what, size_t bytes, size_t alignment) override;
  bool do_is_equal(const memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::shared_ptr<detail::memory_charge> charge_;
  std::pmr::memory_resource* upstream_;
};

/// Bytes that are held without being allocated through us; given back with this
/// object. Whoever asks the pool's bulkhead what is held
/// (`held_allocations_request`) finds it there.
///
/// Confined to one thread at a time.
class memory_lease {
public:
  memory_lease() = default;
  memory_lease(std::shared_ptr<detail::memory_charge> charge, uint64_t bytes,
               uint64_t number)
    : charge_(std::move(charge)), bytes_(bytes), number_(number) {}

  memory_lease(memory_lease&& other) noexcept
    : charge_(std::move(other.charge_)),
      bytes_(std::exchange(other.bytes_, 0)),
      number_(other.number_) {}

  memory_lease& operator=(memory_lease&& other) noexcept {
    give_back();
    charge_ = std::move(other.charge_);
    bytes_ = std::exchange(other.bytes_, 0);
    number_ = other.number_;
    return *this;
  }

  ~memory_lease() { give_back(); }

  uint64_t bytes() const noexcept { return bytes_; }

  void give_back() noexcept;

private:
  std::shared_ptr<detail::memory_charge> charge_;
  uint64_t bytes_ = 0;
  uint64_t number_ = 0;
};

/// One consumer of a memory pool, with a limit of its own below the pool's.
///
/// Safe to call from any thread. Copies are the same account.
class memory_account {
public:
  memory_account(std::shared_ptr<detail::memory_charge> charge,
                 std::pmr::memory_resource* upstream);

  /// Lives as long as any copy of the account.
  std::pmr::memory_resource& resource() const noexcept { return *resource_; }

  /// Takes `bytes`, for what does not use `resource`.
  /// @throws memory_exhausted
  memory_lease lease(uint64_t bytes) const;

  uint64_t used() const noexcept;

  /// The most that was in use at once.
  uint64_t peak() const noexcept;

  /// How often there was no room.
  uint64_t refused() const noexcept;

private:
  std::shared_ptr<detail::memory_charge> charge_;
  std::shared_ptr<memory_pool_resource> resource_;
};

/// What a consumer of a memory pool is.
///
/// Immutable after construction.
struct memory_account_settings {
  /// Under this name its use is counted; see `bulkhead`.
  std::string consumer;

  /// Of the pool's bytes; nothing: all of them.
  std::optional<uint64_t> limit = {};

  /// Critical ones may use what is reserved for them.
  call_priority priority = call_priority::normal;

  /// Where the memory comes from.
  std::pmr::memory_resource* upstream = std::pmr::new_delete_resource();
};

/// A number of bytes that services share: a bulkhead whose permits are bytes.
/// Nobody waits for them. Actors may also hold some by `acquire_permits` to
/// `compartment().handle()`: those come back when the actor dies.
///
/// Safe to call from any thread. Copies are the same pool. Its accounts must
/// not outlive the actor system.
class memory_pool {
public:
  memory_pool() = default;

  /// `kind`, `capacity`, `permit_bytes`, `queue` and `queue_timeout` of
  /// `options` are set here.
  /// @throws std::invalid_argument if `bytes` or an option breaks its rule
  memory_pool(caf::actor_system& sys, const std::string& name, uint64_t bytes,
              bulkhead_options options = {}, emitter events = {});

  /// The same over one that is there already.
  explicit memory_pool(bulkhead compartment);

  /// @throws std::invalid_argument if the name is empty, the limit is 0 or more
  /// than the pool has, or there are too many consumers
  memory_account account(const memory_account_settings& settings) const;

  const bulkhead& compartment() const noexcept { return compartment_; }

  void stop() const { compartment_.stop(); }

private:
  bulkhead compartment_;
};

} // namespace bulwark
