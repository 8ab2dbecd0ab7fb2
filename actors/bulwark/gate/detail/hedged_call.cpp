#include <bulwark/gate/detail/hedged_call.hpp>

namespace bulwark::detail {

bool hedged_call::copied() const noexcept {
  lock_guard guard{lock_};
  return copy_ != stage::none;
}

time_point hedged_call::went(time_point now,
                             std::optional<duration> delay) noexcept {
  lock_guard guard{lock_};
  began_ = now;
  auto late =
    delay && copy_ == stage::none && !over_ && *delay < what_.deadline - now;
  due_ = late ? now + *delay : time_point::max();
  return due_;
}

duration hedged_call::since(time_point now, bool copy) const noexcept {
  lock_guard guard{lock_};
  return now - (copy ? copy_began_ : began_);
}

std::optional<caf::message> hedged_call::take_value() noexcept {
  lock_guard guard{lock_};
  return std::exchange(value_, std::nullopt);
}

/// What it was made of is dropped without the lock.
std::optional<pending_id> hedged_call::end() noexcept {
  request gone;
  lock_guard guard{lock_};
  over_ = true;
  due_ = time_point::max();
  std::swap(gone.content, what_.content);
  std::swap(gone.sender, what_.sender);
  return copy_ == stage::out ? std::optional{copy_id_} : std::nullopt;
}

std::optional<hedged_call::request> hedged_call::wanted(time_point now) const {
  lock_guard guard{lock_};
  if (over_ || parked_ || copy_ != stage::none || due_ > now
      || now >= what_.deadline)
    return std::nullopt;
  return what_;
}

bool hedged_call::copy_failed(std::optional<caf::error> why) noexcept {
  lock_guard guard{lock_};
  copy_ = stage::ended;
  why_ = std::move(why);
  return parked_ && !over_;
}

std::optional<hedged_call::failure> hedged_call::take_failure() noexcept {
  lock_guard guard{lock_};
  if (over_ || !std::exchange(parked_, false))
    return std::nullopt;
  return failure{std::exchange(why_, std::nullopt), copy_at_};
}

} // namespace bulwark::detail
