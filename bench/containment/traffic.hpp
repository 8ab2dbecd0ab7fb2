#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace bench {

/// Makes one request and waits for its answer; returns its HTTP status, 0 if
/// there was none. For one thread.
using caller = std::function<int()>;

/// Safe to call from any thread.
using caller_factory = std::function<caller()>;

/// What became of requests that were made at their time.
struct open_score {
  /// Microseconds from when the request was due to its answer, each.
  std::vector<double> took;

  double answered = 0;
  double seconds = 0;

  double rate() const { return answered / seconds; }
};

/// Asks each of the services `per_second` times, at times that do not depend
/// on the answers.
open_score open_loop(const std::vector<caller_factory>& services,
                     int64_t per_second, std::chrono::milliseconds time);

/// Asks again and again, and returns how many answers there were per second.
double closed_loop(const caller_factory& service,
                   std::chrono::milliseconds time);

/// Clients that ask one service again 100 ms after each answer, from `start`
/// until this object goes; each begins at another time within 100 ms. They are
/// there before, since what it takes to make them is not part of a flood.
///
/// Confined to one thread.
class flood {
public:
  flood(const caller_factory& service, size_t clients);

  flood(const flood&) = delete;
  flood& operator=(const flood&) = delete;

  /// Waits for the last answers.
  ~flood();

  void start();

  /// Asks no more.
  void stop();

  /// How many requests were made.
  uint64_t asked() const { return asked_; }

private:
  void run(const caller_factory& service, std::chrono::microseconds first);
  bool await_start();
  bool pause(std::chrono::microseconds length);

  std::mutex lock_;
  std::condition_variable changed_;
  bool started_ = false;
  bool stopped_ = false;
  std::atomic<uint64_t> asked_ = 0;
  std::vector<std::thread> clients_;
};

} // namespace bench
