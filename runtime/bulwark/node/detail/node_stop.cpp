#include <bulwark/caf/stop.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace bulwark::detail {

namespace {

constexpr std::chrono::milliseconds look_again{5};

/// Calls all of them, also after one has thrown; then throws what the first
/// one threw.
void call_all(const std::vector<std::function<void()>>& hooks) {
  std::exception_ptr first;
  for (const auto& hook : hooks)
    try {
      hook();
    } catch (...) {
      if (!first)
        first = std::current_exception();
    }
  if (first)
    std::rethrow_exception(first);
}

bool busy(const gate_table& gates) {
  auto all = gates.all();
  return std::any_of(all.begin(), all.end(), [](const auto& each) {
    auto now = each.second.status();
    return now.in_flight > 0 || now.waiting > 0;
  });
}

} // namespace

void node_core::drain(bool at_once) {
  draining_ = true;
  tell(event_kind::node_draining);
  call_all(on_drain);
  if (!at_once)
    std::this_thread::sleep_for(given_.node.drain);
  // First, so that nothing is on the way here any more when gates refuse it.
  if (cluster_)
    cluster_->drain();
  for (const auto& [name, each] : engine_->gates().all())
    each.drain();
  await_quiet();
}

void node_core::await_quiet() {
  duration longest{0};
  for (const auto* each : services_.in_start_order())
    longest = std::max(longest, each->settings.gate.timeout);
  auto end = std::chrono::steady_clock::now() + longest;
  while (busy(engine_->gates()) && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(look_again);
}

void node_core::before_stop() {
  draining_ = true;
  if (started_)
    call_all(on_stop);
}

void node_core::end(caf::actor& who) {
  caf::scoped_actor self{engine_->system()};
  bulwark::stop(who);
  self->wait_for(who);
  who = nullptr;
}

std::optional<std::string> node_core::stop() {
  draining_ = true;
  if (!engine_)
    return std::nullopt;
  if (!engine_->runs_actors())
    return "no thread of the scheduler came free within "
           + to_text(engine::scheduler_time)
           + ": handlers of services that are not declared as blocking hang, "
             "and nothing was stopped";
  end_warnings();
  if (load_shedder_)
    end(load_shedder_);
  if (cluster_)
    cluster_->stop();
  else
    roles_.end_all("the node stops");
  if (singletons_)
    end(singletons_);
  if (root_) {
    root_state_->stopping = true;
    end(root_);
    tell(event_kind::node_stopped);
  }
  admin_ = nullptr;
  for (const auto& [name, each] : engine_->gates().all())
    each.stop();
  bulkheads_.stop();
  cpu_quotas_.stop();
  return engine_->end();
}

} // namespace bulwark::detail
