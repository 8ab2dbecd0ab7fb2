#include <bulwark/protection/detail/breaker_group.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

breaker_group::breaker_group(const std::string& name,
                             const breaker_options& options)
  : whole_(options, std::hash<std::string>{}(name)),
    endpoints_(options, std::hash<std::string>{}(name)) {}

breaker& breaker_group::breaker_of(std::string_view endpoint) noexcept {
  return endpoint.empty() ? whole_ : endpoints_.find(endpoint);
}

keyed_breakers::verdict breaker_group::admit(std::string_view endpoint,
                                             time_point now) {
  auto verdict = endpoint.empty()
                   ? keyed_breakers::verdict{whole_.admit(now), &whole_}
                   : endpoints_.admit(endpoint, now);
  note(*verdict.by, endpoint, verdict.forgot);
  note(*verdict.by, endpoint, verdict.said.change);
  return verdict;
}

void breaker_group::record(breaker& by, std::string_view endpoint,
                           breaker_ticket ticket, const call_end& end,
                           time_point now) {
  note(by, endpoint, by.record(ticket, end, now));
}

breaker_metrics breaker_group::metrics(std::string_view endpoint,
                                       time_point now) {
  auto& by = breaker_of(endpoint);
  note(by, endpoint, by.tick(now));
  return by.metrics(now);
}

void breaker_group::set(breaker_state to, std::string_view endpoint,
                        time_point now) {
  if (to == breaker_state::open || to == breaker_state::half_open)
    throw std::invalid_argument("state is " + to_string(to)
                                + "; it must be closed, forced_open, disabled "
                                  "or metrics_only");
  auto& by = breaker_of(endpoint);
  note(by, endpoint, by.set(to, now));
}

void breaker_group::caution(time_point now) {
  note(whole_, {}, whole_.caution(now));
}

void breaker_group::note(breaker& by, std::string_view endpoint,
                         const std::optional<breaker_change>& change) {
  if (!change)
    return;
  std::lock_guard guard{lock_};
  auto& its = courses_[&by];
  its.endpoint = endpoint;
  add(its, *change);
}

/// @pre the lock is held
void breaker_group::add(course& to, const breaker_change& change) {
  for (auto& each : to.order.add(change.period, news{change, to.endpoint}))
    // To others it is no change that an endpoint was forgotten.
    if (each.change.why != breaker_cause::other_endpoint)
      news_.push_back(std::move(each));
  any_news_.store(!news_.empty(), std::memory_order_release);
}

time_point breaker_group::tick(time_point now) {
  auto next = time_point::max();
  std::lock_guard guard{lock_};
  for (auto& [by, its] : courses_) {
    if (auto change = by->tick(now))
      add(its, *change);
    next = std::min(next, by->due().value_or(next));
  }
  return next;
}

bool breaker_group::tell(const std::function<void(const news&)>& f) {
  if (!any_news())
    return false;
  // All of them by one thread at a time, or they would get out of order.
  std::lock_guard telling{telling_};
  std::vector<news> all;
  {
    std::lock_guard guard{lock_};
    all.swap(news_);
    any_news_.store(false, std::memory_order_release);
  }
  for (const auto& each : all)
    f(each);
  return !all.empty();
}

std::optional<wall_time> last_failure_of(const breaker_metrics& of,
                                         time_point now, wall_time wall_now) {
  if (!of.last_failure)
    return std::nullopt;
  auto ago = now - *of.last_failure;
  return wall_now - std::chrono::duration_cast<std::chrono::microseconds>(ago);
}

std::string open_text(const std::optional<wall_time>& last_failure) {
  return "Circuit breaker is OPEN. Last failure: "
         + (last_failure ? to_text(*last_failure) : "none");
}

} // namespace bulwark::detail
