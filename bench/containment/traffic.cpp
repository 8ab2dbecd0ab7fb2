#include "containment/traffic.hpp"

#include <list>

namespace bench {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

// Threads that ask one service in turn, so that what is slow delays nobody
// else's requests.
constexpr int64_t askers = 4;

constexpr std::chrono::microseconds flood_pause = 100ms;

/// One of the askers of an open loop.
class asker {
public:
  asker(const caller_factory& service, steady::time_point first,
        steady::duration every, int64_t requests)
    : thread_([=, this] { run(service, first, every, requests); }) {}

  void add_to(open_score& sum) {
    thread_.join();
    sum.took.insert(sum.took.end(), score_.took.begin(), score_.took.end());
    sum.answered += score_.answered;
  }

private:
  void run(const caller_factory& service, steady::time_point first,
           steady::duration every, int64_t requests) {
    auto ask = service();
    for (int64_t i = 0; i < requests; ++i) {
      auto due = first + i * every;
      std::this_thread::sleep_until(due);
      auto status = ask();
      std::chrono::duration<double, std::micro> us = steady::now() - due;
      score_.took.push_back(us.count());
      score_.answered += status == 200;
    }
  }

  open_score score_;
  std::thread thread_;
};

} // namespace

open_score open_loop(const std::vector<caller_factory>& services,
                     int64_t per_second, std::chrono::milliseconds time) {
  auto gap = steady::duration{1s} / per_second;
  auto requests = std::max(time / (gap * askers), int64_t{1});
  auto start = steady::now() + 10ms;
  std::list<asker> all;
  int64_t place = 0;
  auto places = static_cast<int64_t>(services.size()) * askers;
  for (int64_t i = 0; i < askers; ++i)
    for (const auto& each : services)
      all.emplace_back(each, start + gap * askers * place++ / places,
                       gap * askers, requests);
  open_score result;
  for (auto& each : all)
    each.add_to(result);
  std::chrono::duration<double> took = steady::now() - start;
  result.seconds = took.count();
  return result;
}

double closed_loop(const caller_factory& service,
                   std::chrono::milliseconds time) {
  auto ask = service();
  double answers = 0;
  auto start = steady::now();
  while (steady::now() < start + time)
    answers += ask() == 200;
  std::chrono::duration<double> took = steady::now() - start;
  return answers / took.count();
}

flood::flood(const caller_factory& service, size_t clients) {
  for (size_t i = 0; i < clients; ++i)
    clients_.emplace_back(
      [=, this] { run(service, flood_pause * i / clients); });
}

flood::~flood() {
  stop();
  for (auto& each : clients_)
    each.join();
}

void flood::start() {
  std::lock_guard guard{lock_};
  started_ = true;
  changed_.notify_all();
}

void flood::stop() {
  std::lock_guard guard{lock_};
  stopped_ = true;
  changed_.notify_all();
}

void flood::run(const caller_factory& service,
                std::chrono::microseconds first) {
  auto ask = service();
  if (!await_start())
    return;
  for (auto wait = first; pause(wait); wait = flood_pause) {
    ++asked_;
    ask();
  }
}

bool flood::await_start() {
  std::unique_lock guard{lock_};
  changed_.wait(guard, [this] { return started_ || stopped_; });
  return !stopped_;
}

bool flood::pause(std::chrono::microseconds length) {
  std::unique_lock guard{lock_};
  return !changed_.wait_for(guard, length, [this] { return stopped_; });
}

} // namespace bench
