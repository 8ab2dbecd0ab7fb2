#include <bulwark/chaos/detail/flood_actor.hpp>

#include <caf/actor_clock.hpp>
#include <caf/exit_reason.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace bulwark::detail {

namespace {

/// A flood that was held up does not send at once all that it has missed.
constexpr duration catch_up_max = std::chrono::milliseconds{200};

} // namespace

flood_actor::flood_actor(caf::actor_config& config,
                         std::shared_ptr<fault_port> at, std::string id,
                         fault what, caf::actor gate)
  : caf::event_based_actor(config),
    at_(std::move(at)),
    id_(std::move(id)),
    what_(std::move(what)),
    gate_(std::move(gate)) {
  // Whatever strays in here must not end it.
  set_default_handler(caf::drop);
  set_error_handler([](const caf::error&) {});
  set_down_handler([](const caf::down_msg&) {});
}

caf::behavior flood_actor::make_behavior() {
  latest_ = clock().now();
  delayed_send(this, tick_every, flood_tick{});
  return {[this](flood_tick) { tick(); }};
}

void flood_actor::tick() {
  if (!at_->lasts(id_)) {
    gate_ = nullptr;
    return quit(caf::exit_reason::user_shutdown);
  }
  delayed_send(this, tick_every, flood_tick{});
  auto now = clock().now();
  auto passed = std::min<duration>(now - latest_, catch_up_max);
  latest_ = now;
  due_ += static_cast<double>(what_.per_second)
          * std::chrono::duration<double>{passed}.count();
  for (; due_ >= 1; due_ -= 1)
    if (open_ < open_max)
      send_one();
}

void flood_actor::send_one() {
  using std::chrono::microseconds;
  auto keep = std::chrono::duration_cast<microseconds>(what_.delay);
  ++open_;
  auto answered = [this] { --open_; };
  request(gate_, caf::infinite, flood_request{keep.count()})
    .then(answered, [this](const caf::error&) { --open_; });
}

} // namespace bulwark::detail
