#include <bulwark/gate/detail/call_hedges.hpp>
#include <bulwark/protection/detail/call_course.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

const hedge_options& checked_hedge(const std::string& service,
                                   const hedge_options& options) {
  if (auto complaint = validate_for_gate(options))
    throw std::invalid_argument{"service " + service + ": " + *complaint};
  return options;
}

} // namespace

call_hedges::call_hedges(const std::string& service,
                         const hedge_options& options)
  : options_(checked_hedge(service, options)),
    latency_(options.quantile, options.samples_min) {}

void call_hedges::plan(pending_id id, kept_request* kept,
                       const entrance& by) const {
  if (kept == nullptr || !kept->repeatable || by.within_retry || by.flags != 0)
    return;
  kept->hedge = std::make_shared<hedged_call>(
    id, hedged_call::request{kept->content, kept->sender, by.mid, kept->call,
                             by.deadline});
}

bool call_hedges::went(const std::shared_ptr<hedged_call>& call,
                       time_point now) noexcept {
  auto due = call->went(now, hedge_delay(options_, latency_.quantile()));
  if (due == time_point::max())
    return false;
  try {
    lock_guard guard{lock_};
    if (watched_.size() >= watched_max)
      return false;
    watched_.push_back({due, call});
    std::push_heap(watched_.begin(), watched_.end(), is_later);
    note_next();
    return watched_.front().call == call;
  } catch (...) {
    return false; // Out of memory: it is not copied.
  }
}

void call_hedges::note_next() noexcept {
  auto next = watched_.empty() ? time_point::max() : watched_.front().due;
  next_due_.store(next.time_since_epoch().count(), std::memory_order_relaxed);
}

std::vector<std::shared_ptr<hedged_call>>
call_hedges::take_due(time_point now) {
  std::vector<std::shared_ptr<hedged_call>> result;
  lock_guard guard{lock_};
  while (!watched_.empty() && watched_.front().due <= now) {
    result.push_back(watched_.front().call);
    std::pop_heap(watched_.begin(), watched_.end(), is_later);
    watched_.pop_back();
  }
  note_next();
  return result;
}

void call_hedges::note_failed(std::shared_ptr<hedged_call> call) noexcept {
  try {
    lock_guard guard{lock_};
    failed_.push_back(std::move(call));
  } catch (...) {
    // Out of memory.
  }
}

std::vector<std::shared_ptr<hedged_call>> call_hedges::take_failed() noexcept {
  std::vector<std::shared_ptr<hedged_call>> result;
  lock_guard guard{lock_};
  result.swap(failed_);
  return result;
}

} // namespace bulwark::detail
