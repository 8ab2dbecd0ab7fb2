#pragma once

#include "support/dice.hpp"

#include <bulwark/bulkhead/detail/adaptive/adaptive_limit.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

namespace test {

/// How long requests take: between a half and three halves of the mean, or as
/// if by chance at any moment (exponentially).
enum class service_times { even, exponential };

/// A service with a known knee, on virtual time: so many workers, each busy
/// with one request for `service` on average; the others wait in a queue. As
/// many in flight as workers is best: fewer leave workers idle, more only
/// wait.
struct server_model {
  size_t workers = 50;
  bulwark::duration service = std::chrono::milliseconds{100};

  /// Requests that would wait beyond this many are refused at once.
  size_t queue_max = std::numeric_limits<size_t>::max();

  /// Of 1000 requests so many fail within a millisecond.
  size_t fast_failures = 0;

  service_times times = service_times::even;
};

/// Clients that send at random, so many per second, to such a service through
/// an adaptive limit; what is beyond the limit is refused before the service.
///
/// Confined to one thread.
class simulated_server {
public:
  simulated_server(server_model model, const bulwark::adaptive_options& options,
                   uint64_t seed);

  /// From now on the service is so.
  void become(const server_model& model) { model_ = model; }

  /// From now on so many requests come per second: 1.5 times what the service
  /// can do, if nothing is said.
  void load(double per_second) { per_second_ = per_second; }

  /// Lets time pass; `each_second` is called after every second of it.
  void run(
    bulwark::duration time, const std::function<void()>& each_second = [] {});

  const bulwark::adaptive_limit& limit() const { return limit_; }

  /// How many were answered with a value, ever.
  size_t answered() const { return answered_; }

private:
  struct request {
    bulwark::time_point sent;
    size_t in_flight;
    bool failed;
  };

  struct completion {
    bulwark::time_point at;
    request what;
    bool of_worker;

    bool operator>(const completion& other) const { return at > other.at; }
  };

  void arrive();
  void complete(const completion& one);
  void give_work();
  bulwark::duration service_time();
  bulwark::duration exponential(double mean_seconds);

  server_model model_;
  bulwark::adaptive_limit limit_;
  dice dice_;
  double per_second_;
  bulwark::time_point now_{std::chrono::hours{1}};
  bulwark::time_point next_arrival_;
  std::priority_queue<completion, std::vector<completion>,
                      std::greater<completion>>
    completions_;
  std::deque<request> waiting_;
  size_t busy_ = 0;
  size_t in_flight_ = 0;
  size_t answered_ = 0;
};

} // namespace test
