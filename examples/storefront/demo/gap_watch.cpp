#include "demo/gap_watch.hpp"

#include <algorithm>

namespace storefront {

namespace {

using clock = std::chrono::steady_clock;

/// More than the 5 s after which a gate answers for its service.
constexpr std::chrono::seconds probe_timeout{8};

constexpr int answered = 200;

bulwark::wall_time wall_now() {
  return std::chrono::floor<bulwark::wall_time::duration>(
    std::chrono::system_clock::now());
}

} // namespace

gap_watch::gap_watch(probe asked, watched_gap what)
  : probe_(std::move(asked)), seen_(std::move(what)) {
  probe_.ask(seen_.service, probe_timeout);
  seen_.from = wall_now();
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

watched_gap gap_watch::end() {
  thread_.request_stop();
  thread_.join();
  return seen_;
}

void gap_watch::run(const std::stop_token& stop) {
  auto last = clock::now();
  auto next = last;
  while (!stop.stop_requested()) {
    next = std::max(next + interval, clock::now());
    std::this_thread::sleep_until(next);
    if (probe_.ask(seen_.service, probe_timeout) != answered)
      continue;
    auto now = clock::now();
    seen_.gap = std::max<bulwark::duration>(seen_.gap, now - last);
    last = now;
  }
  seen_.gap = std::max<bulwark::duration>(seen_.gap, clock::now() - last);
  seen_.to = wall_now();
}

} // namespace storefront
