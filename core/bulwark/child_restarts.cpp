#include <bulwark/backoff.hpp>
#include <bulwark/child_restarts.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace bulwark {

namespace {

void count_up(uint32_t& counter) {
  if (counter < std::numeric_limits<uint32_t>::max())
    ++counter;
}

} // namespace

child_restarts::child_restarts(const restart_options& options,
                               uint64_t incarnation)
  : child_restarts(std::make_shared<const restart_options>(options),
                   incarnation) {}

child_restarts::child_restarts(shared_restart_options options,
                               uint64_t incarnation)
  : options_(std::move(options)),
    window_(options_->intensity, options_->period),
    incarnation_(incarnation) {}

std::optional<duration> child_restarts::on_up(time_point now) {
  up_since_ = now;
  if (!down_since_)
    return std::nullopt;
  auto downtime = std::max(now - *down_since_, duration::zero());
  down_since_.reset();
  return downtime;
}

restart_decision child_restarts::on_exit(exit_class how, time_point now,
                                         double unit_random) {
  if (!ended(how, now))
    return {};
  if (!window_.add(now))
    return fail();
  auto delay = backoff_delay(*options_, failures_, unit_random);
  count_up(failures_);
  return {restart_action::restart, delay,
          static_cast<uint32_t>(window_.count())};
}

restart_decision child_restarts::on_gave_up(time_point now) {
  return ended(exit_class::abnormal, now) ? fail() : restart_decision{};
}

void child_restarts::on_failed(time_point now) noexcept {
  went_down(now);
  if (!down_since_)
    down_since_ = now;
}

void child_restarts::forgive() noexcept {
  failures_ = 0;
  cool_downs_ = 0;
  window_.clear();
}

void child_restarts::change(shared_restart_options options) {
  options_ = std::move(options);
  window_.change(options_->intensity, options_->period);
}

/// However it did: a child that stayed up for long begins anew.
void child_restarts::went_down(time_point now) noexcept {
  if (up_since_ && now - *up_since_ >= options_->reset_after) {
    failures_ = 0;
    cool_downs_ = 0;
  }
  up_since_.reset();
}

bool child_restarts::ended(exit_class how, time_point now) {
  went_down(now);
  if (!must_restart(options_->type, how))
    return false;
  if (!down_since_)
    down_since_ = now;
  return true;
}

restart_decision child_restarts::fail() {
  auto delay = cool_down_delay(*options_, cool_downs_);
  auto restarts = static_cast<uint32_t>(window_.count());
  count_up(cool_downs_);
  failures_ = 0;
  window_.clear();
  return {restart_action::fail, delay, restarts};
}

} // namespace bulwark
