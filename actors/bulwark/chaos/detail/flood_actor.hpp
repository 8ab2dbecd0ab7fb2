#pragma once

#include <bulwark/chaos/detail/fault_port.hpp>
#include <bulwark/chaos/fault.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/meta/type_name.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace bulwark::detail {

/// What a flood consists of: a request that keeps a replica for a while and is
/// answered by the replica's wrapper, not by the service.
struct flood_request {
  int64_t keep_us = 0;
};

template <class Inspector>
auto inspect(Inspector& f, flood_request& x) {
  return f(caf::meta::type_name("flood_request"), x.keep_us);
}

/// To a flood: the time for its next requests.
struct flood_tick {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::flood_tick)

namespace bulwark::detail {

/// Sends requests to a gate, `fault::per_second`, as long as its fault lasts,
/// and ends. At most `open_max` are open at a time: where more would be, fewer
/// are sent.
///
/// Confined to one actor.
class flood_actor final : public caf::event_based_actor {
public:
  flood_actor(caf::actor_config& config, std::shared_ptr<fault_port> at,
              std::string id, fault what, caf::actor gate);

  const char* name() const override { return "bulwark.flood"; }

  static constexpr size_t open_max = 10'000;
  static constexpr std::chrono::milliseconds tick_every{10};

protected:
  caf::behavior make_behavior() override;

private:
  void tick();
  void send_one();

  std::shared_ptr<fault_port> at_;
  std::string id_;
  fault what_;
  caf::actor gate_;
  time_point latest_{};
  double due_ = 0;
  size_t open_ = 0;
};

} // namespace bulwark::detail
