#include "actors/supervisor/supervision_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>

#include <stdexcept>
#include <utility>

namespace test {

using bulwark::birth;

namespace {

bulwark::wall_time to_wall_time(bulwark::time_point at) {
  return bulwark::wall_time{
    std::chrono::duration_cast<std::chrono::microseconds>(
      at.time_since_epoch())};
}

} // namespace

class puppet_actor : public caf::event_based_actor {
public:
  puppet_actor(caf::actor_config& config, supervision_fixture& fixture,
               std::string id, birth born)
    : event_based_actor(config),
      fixture_(fixture),
      id_(std::move(id)),
      plan_(fixture.plan(id_)),
      born_(std::move(born)) {
    set_error_handler([](caf::error&) {});
    set_default_handler(caf::drop);
    set_exception_handler([](caf::scheduled_actor*, std::exception_ptr& x) {
      return bulwark::make_error(bulwark::errc::service_crashed,
                                 bulwark::describe(x));
    });
    set_exit_handler([this](caf::exit_msg& x) { on_exit_message(x); });
  }

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    if (plan_.deaf && what->content().match_elements<caf::exit_msg>())
      return;
    event_based_actor::enqueue(std::move(what), eu);
  }

  void on_exit() override { fixture_.steps.push_back("end " + id_); }

protected:
  caf::behavior make_behavior() override {
    if (plan_.dies_before_up) {
      quit(plan_.dies_before_up);
      return {};
    }
    anon_send(caf::actor_cast<caf::actor>(born_.supervisor),
              bulwark::detail::child_up{born_.key, born_.incarnation});
    born_.supervisor = nullptr;
    return {
      [this](const end_with& x) { quit(x.reason); },
      [](const throw_this& x) { throw std::runtime_error{x.text}; },
      [this](const caf::actor& x) { link_to(x); },
    };
  }

private:
  void on_exit_message(caf::exit_msg& x) {
    fixture_.steps.push_back("stop " + id_);
    if (plan_.stubborn)
      return;
    if (plan_.stops_after == bulwark::duration{0})
      quit(std::move(x.reason));
    else
      delayed_send(this, plan_.stops_after, end_with{std::move(x.reason)});
  }

  supervision_fixture& fixture_;
  std::string id_;
  puppet_plan plan_;
  birth born_;
};

supervision_fixture::supervision_fixture(bulwark::duration beat)
  : rig([](auto& config) { bulwark::add_message_types(config); }) {
  bulwark::monitor_options options;
  options.node = "alpha";
  options.boot = 7;
  options.beat_every = beat;
  options.now = [this] { return to_wall_time(rig.now()); };
  options.sink = [this](const bulwark::event& what, bulwark::event_origin) {
    events.push_back(what);
  };
  monitor = bulwark::spawn_monitor(rig.system(), std::move(options));
  rig.run();
}

supervision_fixture::~supervision_fixture() {
  while (!supervisors_.empty()) {
    stop(supervisors_.back());
    supervisors_.pop_back();
  }
  rig.advance(std::chrono::minutes{5});
  stop(monitor.handle);
}

bulwark::child_spec
supervision_fixture::puppet(std::string id, bulwark::restart_options restart) {
  bulwark::child_spec result;
  result.id = id;
  result.restart = restart;
  result.start = [this, id](caf::execution_unit*, const birth& born) {
    steps.push_back("start " + id);
    if (plan(id).not_wanted)
      throw bulwark::ignore_start{};
    if (plan(id).start_throws)
      throw std::logic_error{"no database"};
    auto handle = rig.system().spawn<puppet_actor>(std::ref(*this), id, born);
    handles_[id] = caf::actor_cast<caf::strong_actor_ptr>(handle);
    return handles_[id];
  };
  return result;
}

bulwark::supervisor_settings
supervision_fixture::settings(std::vector<bulwark::child_spec> children) {
  bulwark::supervisor_settings result;
  result.path = "/root/s";
  result.children = std::move(children);
  result.events = monitor.events;
  result.seed = 1;
  return result;
}

caf::actor supervision_fixture::spawn(bulwark::supervisor_settings settings) {
  auto result = bulwark::spawn_supervisor(rig.system(), std::move(settings));
  supervisors_.push_back(result);
  rig.run();
  return result;
}

void supervision_fixture::end(const std::string& id, caf::error reason) {
  caf::anon_send(current(id), end_with{std::move(reason)});
  rig.run();
}

void supervision_fixture::crash(const std::string& id,
                                const std::string& text) {
  caf::anon_send(current(id), throw_this{text});
  rig.run();
}

void supervision_fixture::stop(const caf::actor& who) {
  bulwark::stop(who);
  rig.run();
}

bulwark::child_info supervision_fixture::info(const caf::actor& supervisor,
                                              const std::string& id) {
  auto list = ask<bulwark::child_list>(supervisor, bulwark::which_children{});
  for (auto& child : list.children)
    if (child.id == id)
      return child;
  throw std::runtime_error{"no child " + id};
}

bulwark::child_state supervision_fixture::state(const caf::actor& supervisor,
                                                const std::string& id) {
  return info(supervisor, id).state;
}

bool supervision_fixture::ended(const caf::actor& who, caf::error* reason) {
  auto result = std::make_shared<std::optional<caf::error>>();
  who->attach_functor([result](const caf::error& x) { *result = x; });
  if (*result && reason != nullptr)
    *reason = **result;
  return result->has_value();
}

std::vector<bulwark::event>
supervision_fixture::all(bulwark::event_kind kind) const {
  std::vector<bulwark::event> result;
  for (const auto& what : events)
    if (what.kind == kind)
      result.push_back(what);
  return result;
}

std::string supervision_fixture::history(const std::string& component) const {
  std::string result;
  for (const auto& what : events)
    if (what.component == component)
      result += (result.empty() ? "" : " ") + to_string(what.kind);
  return result;
}

std::string metadata_of(const bulwark::event& what, const std::string& key) {
  for (const auto& [name, value] : what.metadata)
    if (name == key)
      return value;
  return "";
}

} // namespace test
