#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>
#include <bulwark/text/duration_text.hpp>

#include <utility>

namespace bulwark::detail {

caf::error connection_pool_actor::full(errc why, const request& who) const {
  return refusal(why, "connection",
                 std::to_string(table_.counts().leased) + " of "
                   + std::to_string(options_.max) + " are in use",
                 who.wait);
}

caf::error connection_pool_actor::failed() const {
  return make_error(errc::connection_failed,
                    title() + ": no connection can be opened: " + last_error_);
}

void connection_pool_actor::note_timeout(uint64_t id) {
  // Of one that failed the job is over by now.
  auto known = jobs_.find(id);
  if (known == jobs_.end())
    return;
  auto what = known->second;
  auto opening = what == job::open;
  if (opening || what == job::validate)
    last_error_ =
      (opening ? "not opened within " : "not validated within ")
      + to_text(opening ? options_.open_timeout : options_.validate_timeout);
}

void connection_pool_actor::tell_lost() {
  lost_at_ = now();
  event what;
  what.kind = event_kind::connection_lost;
  what.reason = last_error_;
  permits_->core().emit(std::move(what));
}

void connection_pool_actor::tell_restored() {
  event what;
  what.kind = event_kind::connection_restored;
  what.downtime = now() - lost_at_;
  permits_->core().emit(std::move(what));
}

void connection_pool_actor::tell_of(uint64_t connection, event_kind kind,
                                    std::string reason) const {
  auto& whose = leases_.at(connection);
  event what;
  what.kind = kind;
  what.reason = std::move(reason);
  what.with("consumer", whose.consumer)
    .with("connection", std::to_string(connection))
    .with("held", to_text(now() - whose.since));
  permits_->core().emit(std::move(what));
}

void connection_pool_actor::taken_back(uint64_t connection) {
  if (owner_died_)
    tell_of(connection, event_kind::permits_reclaimed, "its actor has ended");
  else
    tell_of(connection, event_kind::lease_expired,
            "kept a connection for longer than "
              + to_text(options_.take_back_after));
  auto want = leases_.extract(connection).mapped().want;
  // What cannot be woken still works on it, and is charged for it.
  if (driver_->can_interrupt())
    permits_->release(want);
  else
    doomed_[connection] = want;
}

} // namespace bulwark::detail
