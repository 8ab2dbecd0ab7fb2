#pragma once

#include <bulwark/bulkhead/detail/bulkhead_core.hpp>
#include <bulwark/calls/call_options.hpp>
#include <bulwark/gate/detail/call_record.hpp>
#include <bulwark/gate/detail/pending_word.hpp>
#include <bulwark/gate/detail/slot_bank.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bulwark::detail {

/// What is asked of a bulkhead for one attempt.
struct permit_request {
  pending_id id{};
  call_priority priority = call_priority::normal;
  uint32_t tenant = 0;
};

/// The permits of a service's bulkhead, as one of the protections of its gate.
///
/// A permit belongs to the work: it is taken before a replica gets the request
/// and given back when the work comes back. Who waits for one stands in the
/// gate's waiting line.
///
/// Safe to call from any thread.
class permit_limit {
public:
  /// @throws std::invalid_argument if the bulkhead has too many consumers
  permit_limit(std::shared_ptr<bulkhead_core> bulkhead,
               const std::string& service);
  ~permit_limit();

  permit_limit(const permit_limit&) = delete;
  permit_limit& operator=(const permit_limit&) = delete;

  /// @pre called once, before anybody knows the gate; `poke` makes the gate
  /// serve what waits
  void set_poke(std::function<void()> poke);

  bulkhead_core& bulkhead() const noexcept { return *bulkhead_; }

  static permit_request request_of(pending_id id,
                                   const call_notes& said) noexcept {
    return {id, said.priority.load(std::memory_order_relaxed),
            said.tenant.load(std::memory_order_relaxed)};
  }

  /// Notes what the client said. @pre the entry is the caller's own
  static void note(call_notes& to, const call_options* call) noexcept;

  /// Whether the work in that state has its permit.
  static bool has_one(const pending_word& word) noexcept {
    return word.state == pending_state::active
           && slot_bank::is_local(word.owner);
  }

  // -- may it go, and it ended ------------------------------------------------

  /// Whether one is free now. @pre nobody stands in line for one
  bool try_take(const permit_request& what) noexcept {
    return bulkhead_->try_take(*account_, 1, what.priority);
  }

  /// Gives back what `try_take` took, which nobody used.
  void give_unused(const permit_request& what) noexcept {
    account_->tally->forget_grant();
    give(what);
  }

  void give(const permit_request& what) noexcept {
    bulkhead_->give(*account_, 1, what.tenant);
  }

  // -- for the line -----------------------------------------------------------

  uint64_t source() const noexcept { return source_; }
  auto consumer() const noexcept { return account_->number; }

private:
  const std::shared_ptr<bulkhead_core> bulkhead_;
  consumer_account* const account_;
  uint64_t source_ = 0;
};

} // namespace bulwark::detail
