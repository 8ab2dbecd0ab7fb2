#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/pool/memory_pool.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <atomic>
#include <stdexcept>

namespace bulwark {

namespace detail {

/// What one account takes and gives back.
///
/// Safe to call from any thread.
class memory_charge {
public:
  memory_charge(std::shared_ptr<bulkhead_core> core, consumer_account& account,
                uint64_t limit, call_priority priority)
    : core_(std::move(core)),
      account_(account),
      priority_(priority),
      source_(core_->add_source([] {})),
      own_(limit) {}

  memory_charge(const memory_charge&) = delete;
  memory_charge& operator=(const memory_charge&) = delete;

  ~memory_charge() { core_->remove_source(source_); }

  void take(uint64_t bytes) {
    if (!own_.charge(bytes)) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      throw memory_exhausted{core_->name(), account_.name, bytes, own_.used(),
                             own_.limit()};
    }
    if (core_->try_take(account_, bytes, priority_) || take_slowly(bytes))
      return;
    own_.uncharge(bytes);
    refused_.fetch_add(1, std::memory_order_relaxed);
    throw memory_exhausted{core_->name(), account_.name, bytes, core_->use(),
                           core_->capacity()};
  }

  void give(uint64_t bytes) noexcept {
    core_->give(account_, bytes, 0);
    own_.uncharge(bytes);
  }

  /// Returns the number of the lease.
  uint64_t begin_lease(uint64_t bytes) {
    take(bytes);
    try {
      return core_->note_lease(account_, bytes);
    } catch (...) {
      give(bytes);
      throw;
    }
  }

  void end_lease(uint64_t number, uint64_t bytes) noexcept {
    core_->end_lease(number);
    give(bytes);
  }

  const byte_budget& own() const noexcept { return own_; }

  uint64_t refused() const noexcept {
    return refused_.load(std::memory_order_relaxed);
  }

private:
  /// Under a lock: while the bulkhead is isolated, watches only, or is full.
  bool take_slowly(uint64_t bytes) {
    permit_ticket who{.key = {source_, ids_.fetch_add(1)},
                      .amount = bytes,
                      .priority = priority_,
                      .consumer = account_.number};
    switch (core_->ask(who, false)) {
    case permit_table::answer::granted:
      return true;
    case permit_table::answer::waits:
      // An allocation never waits.
      core_->forget(who.key, permit_table::parting::withdrawn);
      return false;
    default:
      return false;
    }
  }

  const std::shared_ptr<bulkhead_core> core_;
  consumer_account& account_;
  const call_priority priority_;
  const uint64_t source_;
  std::atomic<uint64_t> ids_{1};
  std::atomic<uint64_t> refused_{0};
  byte_budget own_;
};

} // namespace detail

void* memory_pool_resource::do_allocate(size_t bytes, size_t alignment) {
  charge_->take(bytes);
  try {
    return upstream_->allocate(bytes, alignment);
  } catch (...) {
    charge_->give(bytes);
    throw;
  }
}

void memory_pool_resource::do_deallocate(void* what, size_t bytes,
                                         size_t alignment) {
  upstream_->deallocate(what, bytes, alignment);
  charge_->give(bytes);
}

void memory_lease::give_back() noexcept {
  if (auto bytes = std::exchange(bytes_, 0); bytes > 0)
    charge_->end_lease(number_, bytes);
}

memory_account::memory_account(std::shared_ptr<detail::memory_charge> charge,
                               std::pmr::memory_resource* upstream)
  : charge_(std::move(charge)),
    resource_(std::make_shared<memory_pool_resource>(charge_, upstream)) {}

memory_lease memory_account::lease(uint64_t bytes) const {
  return {charge_, bytes, charge_->begin_lease(bytes)};
}

uint64_t memory_account::used() const noexcept {
  return charge_->own().used();
}

uint64_t memory_account::peak() const noexcept {
  return charge_->own().peak();
}

uint64_t memory_account::refused() const noexcept {
  return charge_->refused();
}

memory_pool::memory_pool(caf::actor_system& sys, const std::string& name,
                         uint64_t bytes, bulkhead_options options,
                         emitter events) {
  options.kind = bulkhead_kind::memory_pool;
  options.capacity = bytes;
  options.permit_bytes = 1;
  options.queue = 0;
  options.queue_timeout = duration::zero();
  compartment_ = bulkhead{sys, name, options, std::move(events)};
}

memory_pool::memory_pool(bulkhead compartment)
  : compartment_(std::move(compartment)) {}

memory_account
memory_pool::account(const memory_account_settings& settings) const {
  using namespace option_checks;
  const auto& core = compartment_.core();
  auto limit = settings.limit.value_or(core->capacity());
  auto bad = settings.consumer.empty()
               ? said("memory_account.consumer", "\"\"", "a name")
               : within("memory_account.limit", limit, 1, core->capacity());
  if (bad)
    throw std::invalid_argument{*bad};
  auto* account = core->lasting_account(settings.consumer);
  if (account == nullptr)
    throw std::invalid_argument{"memory_account.consumer is "
                                + settings.consumer
                                + "; there are too many already"};
  if (!settings.limit)
    limit = byte_budget::unlimited;
  return {std::make_shared<detail::memory_charge>(core, *account, limit,
                                                  settings.priority),
          settings.upstream};
}

} // namespace bulwark
