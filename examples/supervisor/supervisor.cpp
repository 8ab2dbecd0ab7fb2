// A supervisor of one's own, without a node: pages are made from a cache, so
// that they start again when the cache does. What you see: both come up, the
// cache crashes, both come up again, in order.
#include <bulwark/bulwark.hpp>
#include <bulwark/replica/replica_factory.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <future>
#include <iostream>
#include <stdexcept>
#include <string>

using namespace std::chrono_literals;

caf::behavior cache(caf::event_based_actor*) {
  return {[](const std::string& key) {
    throw std::runtime_error{"nothing is known of " + key};
  }};
}

caf::behavior pages(caf::event_based_actor*) {
  return {[](int number) { return "page " + std::to_string(number); }};
}

bulwark::child_spec child(std::string id, bulwark::replica_factory factory) {
  bulwark::child_spec result;
  result.id = std::move(id);
  result.restart = {.initial = 10ms};
  result.start = bulwark::start_alone(std::move(factory));
  return result;
}

int main() {
  caf::actor_system_config config;
  caf::actor_system system{config};
  std::promise<void> done;

  // Both are told of in the supervisor, one after the other.
  caf::strong_actor_ptr current;
  auto first = child("cache", bulwark::make_replica_factory(cache));
  first.on_change = [&](const bulwark::child_change& change) {
    current = change.handle;
    if (change.state == bulwark::child_state::up)
      std::cout << "cache " << change.incarnation << " is up" << std::endl;
  };
  auto second = child("pages", bulwark::make_replica_factory(pages));
  second.on_change = [&](const bulwark::child_change& change) {
    if (change.state != bulwark::child_state::up)
      return;
    std::cout << "pages " << change.incarnation << " are up" << std::endl;
    if (change.incarnation == 1)
      caf::anon_send(caf::actor_cast<caf::actor>(current),
                     std::string{"bulwark"});
    else
      done.set_value();
  };

  bulwark::supervisor_settings settings;
  settings.path = "/root/site";
  settings.strategy = bulwark::restart_strategy::rest_for_one;
  settings.children = {first, second};
  auto site = bulwark::spawn_supervisor(system, std::move(settings));
  done.get_future().wait();
  // Nobody holds it any more: its children are killed, and the system ends.
  current = nullptr;
  site = nullptr;
}
