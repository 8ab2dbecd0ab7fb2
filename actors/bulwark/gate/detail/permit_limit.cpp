#include <bulwark/gate/detail/permit_limit.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

consumer_account* account_of(bulkhead_core& bulkhead,
                             const std::string& service) {
  if (auto* result = bulkhead.lasting_account(service))
    return result;
  throw std::invalid_argument{"bulkhead " + bulkhead.name() + " has "
                              + std::to_string(permit_table::consumers_max)
                              + " consumers, which is the most; " + service
                              + " can be none of them"};
}

/// Writes only what changes: mostly it is the same as before, and the line of
/// the cache is shared with others.
template <class T>
void set(std::atomic<T>& to, T value) noexcept {
  if (to.load(std::memory_order_relaxed) != value)
    to.store(value, std::memory_order_relaxed);
}

} // namespace

permit_limit::permit_limit(std::shared_ptr<bulkhead_core> bulkhead,
                           const std::string& service)
  : bulkhead_(std::move(bulkhead)), account_(account_of(*bulkhead_, service)) {}

permit_limit::~permit_limit() {
  if (source_ != 0)
    bulkhead_->remove_source(source_);
}

void permit_limit::set_poke(std::function<void()> poke) {
  source_ = bulkhead_->add_source(std::move(poke));
}

void permit_limit::note(call_notes& to, const call_options* call) noexcept {
  // What a peer says may be anything.
  set(to.priority, call != nullptr
                     ? std::min(call->priority, call_priority::background)
                     : call_priority::normal);
  set(to.tenant, call != nullptr ? tenant_shares::id_of(call->tenant) : 0);
}

} // namespace bulwark::detail
