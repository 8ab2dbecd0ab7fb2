#include <bulwark/caf/detail/reply_route.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/gate/detail/request_in_hand.hpp>

namespace bulwark::detail {

/// A response belongs to the request for which its own was made.
bool request_in_hand::begin(const element& what) noexcept {
  sees_messages_ = true;
  if (core_ == nullptr)
    return true;
  handled_.reset();
  if (is_response(what)) {
    if (auto from = memory_.recall(request_number(id_of(what))))
      handled_ = from->request;
  } else if (core_->tracks(what)) {
    auto id = tracked_id(what);
    if (core_->ends_unbegun(*id))
      return false;
    handled_ = id;
  }
  if (control_ != nullptr)
    control_->at_hand.set(handled_);
  return true;
}

void request_in_hand::end() noexcept {
  if (!handled_ || ends_on_this_)
    return;
  handled_.reset();
  if (control_ != nullptr)
    control_->at_hand.set(std::nullopt);
}

bool request_in_hand::ends_on(pending_id id,
                              pending_owner owner) const noexcept {
  replica_end self;
  self.index = index_;
  self.incarnation = incarnation_;
  return handled_ == id && owner == self.owner();
}

/// A blocking actor does not see its messages begin. A promise that it made
/// has taken along what tells the gate by which the message came.
std::optional<pending_id>
request_in_hand::request_of(const element& what) const noexcept {
  if (sees_messages_ || core_ == nullptr)
    return handled_;
  return tracked_id(what);
}

} // namespace bulwark::detail
