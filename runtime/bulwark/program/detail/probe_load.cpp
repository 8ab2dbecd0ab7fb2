#include <bulwark/http/client.hpp>
#include <bulwark/program/detail/probe_load.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace bulwark::program {

namespace {

using steady = std::chrono::steady_clock;

bool is_good(const http_reply& reply) {
  return reply.status >= 200 && reply.status < 300;
}

} // namespace

probe_load::probe_load(const std::vector<experiment_probe>& probes,
                       std::vector<host_port> where)
  : where_(std::move(where)) {
  for (const auto& each : probes) {
    all_.push_back(std::make_unique<one_probe>());
    all_.back()->what = each;
  }
  for (auto& each : all_)
    for (size_t i = 0; i < open_max; ++i)
      threads_.emplace_back([this, &of = *each, i] { run(of, i); });
}

probe_load::~probe_load() {
  {
    std::lock_guard guard{rest_lock_};
    over_ = true;
  }
  woken_.notify_all();
  for (auto& each : threads_)
    each.join();
}

void probe_load::read(figure_readings& into) {
  for (auto& each : all_) {
    std::lock_guard guard{each->lock};
    each->window.read(each->what.name, steady::now(), into);
  }
}

/// Its turns are at fixed times, however long an answer takes: else what is
/// slow would be asked less.
void probe_load::run(one_probe& of, size_t number) {
  auto turn = steady::now() + static_cast<int64_t>(number) * of.what.every;
  for (size_t i = number; !over_; ++i) {
    if (auto early = turn - steady::now(); early > duration::zero())
      if (!rest(early))
        return;
    ask(of, where_[i % where_.size()]);
    turn = std::max<time_point>(
      turn + static_cast<int64_t>(open_max) * of.what.every, steady::now());
  }
}

void probe_load::ask(one_probe& of, const host_port& where) {
  auto began = steady::now();
  auto good = false;
  try {
    http_client client{where.host, where.port, &over_};
    http_fields fields;
    if (!of.what.body.empty())
      fields.emplace_back("Content-Type", "application/json");
    good = is_good(client.request(of.what.method, of.what.path, of.what.body,
                                  of.what.timeout, fields));
  } catch (const http_error&) {
    // No answer is none that is good.
  }
  if (over_)
    return;
  auto now = steady::now();
  std::lock_guard guard{of.lock};
  of.window.add(now - began, good, now);
}

/// Returns false when it is over.
bool probe_load::rest(duration length) {
  std::unique_lock guard{rest_lock_};
  return !woken_.wait_for(guard, length, [this] { return over_.load(); });
}

} // namespace bulwark::program
