#include <bulwark/supervision/detail/backoff.hpp>
#include <bulwark/supervision/detail/child_restarts.hpp>

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

restart_intensity&
child_restarts::window(const std::optional<cause_window>& own) {
  if (!own)
    return window_;
  while (own_windows_.size() <= own->index)
    own_windows_.emplace_back(0, duration::zero());
  auto& result = own_windows_[own->index];
  result.change(own->intensity, own->period);
  return result;
}

restart_decision
child_restarts::on_exit(exit_class how, time_point now, double unit_random,
                        const std::optional<cause_window>& own) {
  if (!ended(how, now))
    return {};
  auto& counting = window(own);
  if (!counting.add(now))
    return fail(counting);
  auto delay = backoff_delay(*options_, failures_, unit_random);
  count_up(failures_);
  return {restart_action::restart, delay,
          static_cast<uint32_t>(counting.count())};
}

restart_decision child_restarts::on_gave_up(time_point now) {
  return ended(exit_class::abnormal, now) ? fail(window_) : restart_decision{};
}

void child_restarts::on_failed(time_point now) noexcept {
  went_down(now);
  if (!down_since_)
    down_since_ = now;
}

void child_restarts::forgive() noexcept {
  failures_ = 0;
  cool_downs_ = 0;
  clear_windows();
}

void child_restarts::clear_windows() noexcept {
  window_.clear();
  own_windows_.clear();
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

restart_decision child_restarts::fail(const restart_intensity& beyond) {
  auto delay = cool_down_delay(*options_, cool_downs_);
  auto restarts = static_cast<uint32_t>(beyond.count());
  count_up(cool_downs_);
  failures_ = 0;
  clear_windows();
  return {restart_action::fail, delay, restarts};
}

} // namespace bulwark
