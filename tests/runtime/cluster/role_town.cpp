#include "runtime/cluster/role_town.hpp"

#include <bulwark/caf/stop.hpp>

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <utility>

namespace test {

using namespace std::chrono_literals;
using bulwark::detail::role_actor;
using bulwark::detail::role_state;

role_town::role_town(std::vector<std::string> voters)
  : voters_(std::move(voters)) {
  bulwark::monitor_options options;
  options.node = "town";
  options.boot = 1;
  options.now = [] { return bulwark::wall_time{}; };
  options.sink = [this](const bulwark::event& each, bulwark::event_origin) {
    events_.push_back(each);
  };
  monitor_ = bulwark::spawn_monitor(rig.system(), options);
}

role_town::~role_town() {
  for (auto& [name, each] : members_)
    stop(name);
  bulwark::stop(monitor_.handle);
  rig.run();
}

void role_town::start(const std::string& name, bool wants) {
  auto& it = members_[name];
  if (it.roles)
    stop(name);
  ++it.boot;
  it.state =
    std::make_shared<role_state>("backup", name, [this] { return rig.now(); });
  it.state->report_to(monitor_.events);
  it.state->on_gained.push_back([&it](uint64_t token) {
    it.heard.push_back("gained " + std::to_string(token));
  });
  it.state->on_lost.push_back([&it] { it.heard.push_back("lost"); });
  bulwark::detail::role_settings settings;
  settings.node = name;
  settings.boot = it.boot;
  settings.voters = voters_;
  if (std::count(voters_.begin(), voters_.end(), name) != 0)
    settings.file = std::make_shared<bulwark::detail::promise_file>(file(name));
  if (wants)
    settings.roles = {it.state};
  settings.events = monitor_.events;
  settings.seed = std::hash<std::string>{}(name) + it.boot;
  it.roles = rig.system().spawn<role_actor>(std::move(settings));
  caf::anon_send(it.roles, bulwark::detail::role_start{});
  rig.run();
}

void role_town::stop(const std::string& name) {
  isolate(name);
  auto& it = members_[name];
  bulwark::stop(it.roles);
  it.roles = nullptr;
  rig.run();
}

void role_town::tell_up(const std::string& whom, const std::string& of) {
  const auto& it = members_[of];
  caf::anon_send(
    members_[whom].roles,
    bulwark::detail::role_peer_up{
      of, it.boot, caf::actor_cast<caf::strong_actor_ptr>(it.roles)});
}

void role_town::connect(const std::string& one, const std::string& other) {
  tell_up(one, other);
  tell_up(other, one);
  rig.run();
}

void role_town::cut(const std::string& one, const std::string& other) {
  for (const auto& [whom, of] : {std::pair{one, other}, std::pair{other, one}})
    if (members_[whom].roles)
      caf::anon_send(members_[whom].roles, bulwark::detail::role_peer_down{of});
  rig.run();
}

void role_town::connect_all() {
  for (const auto& [one, it] : members_)
    for (const auto& [other, that] : members_)
      if (one < other && it.roles && that.roles)
        connect(one, other);
}

void role_town::isolate(const std::string& name) {
  for (const auto& [other, it] : members_)
    if (other != name)
      cut(name, other);
}

void role_town::advance(bulwark::duration time) {
  constexpr auto step = 50ms;
  for (bulwark::duration done{0}; done < time; done += step) {
    rig.advance(step);
    auto holders =
      std::count_if(members_.begin(), members_.end(), [](const auto& each) {
        return each.second.state->token().has_value();
      });
    REQUIRE(holders <= 1);
  }
}

std::string role_town::holder() const {
  for (const auto& [name, it] : members_)
    if (it.state->token())
      return name;
  return {};
}

std::optional<uint64_t> role_town::token(const std::string& name) const {
  return members_.at(name).state->token();
}

size_t role_town::count(bulwark::event_kind kind,
                        const std::string& component) const {
  return static_cast<size_t>(
    std::count_if(events_.begin(), events_.end(), [&](const auto& each) {
      return each.kind == kind && each.component == component;
    }));
}

} // namespace test
