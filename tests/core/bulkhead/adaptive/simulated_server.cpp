#include "core/bulkhead/adaptive/simulated_server.hpp"

#include <algorithm>
#include <cmath>

namespace test {

using namespace bulwark;
using namespace std::chrono_literals;

simulated_server::simulated_server(server_model model,
                                   const adaptive_options& options,
                                   uint64_t seed)
  : model_(model), limit_(options), dice_(seed) {
  auto seconds = std::chrono::duration<double>{model.service}.count();
  per_second_ = 1.5 * static_cast<double>(model.workers) / seconds;
  next_arrival_ = now_ + exponential(1 / per_second_);
}

duration simulated_server::exponential(double mean_seconds) {
  auto unit = (static_cast<double>(dice_.below(1'000'000)) + 0.5) / 1e6;
  return std::chrono::duration_cast<duration>(
    std::chrono::duration<double>{-std::log(unit) * mean_seconds});
}

duration simulated_server::service_time() {
  auto mean = model_.service;
  if (model_.times == service_times::exponential)
    return exponential(std::chrono::duration<double>{mean}.count());
  auto width = static_cast<size_t>(mean.count());
  return mean / 2 + duration{static_cast<int64_t>(dice_.below(width + 1))};
}

void simulated_server::arrive() {
  next_arrival_ = now_ + exponential(1 / per_second_);
  if (in_flight_ >= limit_.limit())
    return;
  request one{now_, ++in_flight_, false};
  auto fails = dice_.roll(model_.fast_failures, 1000);
  if (fails || waiting_.size() >= model_.queue_max) {
    one.failed = true;
    completions_.push({now_ + 500us, one, false});
    return;
  }
  waiting_.push_back(one);
  give_work();
}

void simulated_server::give_work() {
  while (busy_ < model_.workers && !waiting_.empty()) {
    ++busy_;
    completions_.push({now_ + service_time(), waiting_.front(), true});
    waiting_.pop_front();
  }
}

void simulated_server::complete(const completion& one) {
  --in_flight_;
  if (one.of_worker)
    --busy_;
  if (!one.what.failed)
    ++answered_;
  limit_.record({now_ - one.what.sent, one.what.in_flight, one.what.failed},
                now_);
  give_work();
}

void simulated_server::run(duration time,
                           const std::function<void()>& each_second) {
  auto end = now_ + time;
  auto second = now_ + 1s;
  while (now_ < end) {
    auto next = std::min({next_arrival_, second, end});
    if (!completions_.empty() && completions_.top().at <= next) {
      auto one = completions_.top();
      completions_.pop();
      now_ = one.at;
      complete(one);
      continue;
    }
    now_ = next;
    if (now_ == next_arrival_)
      arrive();
    if (now_ == second) {
      each_second();
      second += 1s;
    }
  }
}

} // namespace test
