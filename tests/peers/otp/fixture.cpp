#include "peers/otp/fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <stdexcept>

namespace test::otp {

namespace {

using bulwark::child_state;

// More than any chain of restarts at once takes.
constexpr int turns = 20;

const char* const class_names[] = {"normal", "shutdown", "error", "kill"};

caf::error reason_of(exit_class how) {
  switch (how) {
  case exit_class::normal:
    return caf::none;
  case exit_class::shutdown:
    return caf::exit_reason::user_shutdown;
  case exit_class::kill:
    return caf::exit_reason::kill;
  default:
    return caf::make_error(caf::sec::runtime_error);
  }
}

/// Says that it was told to end, and ends.
class worker_actor : public caf::event_based_actor {
public:
  worker_actor(caf::actor_config& config, fixture& at, std::string id,
               bulwark::birth born)
    : caf::event_based_actor(config),
      at_(at),
      id_(std::move(id)),
      born_(std::move(born)) {
    set_exit_handler([this](caf::scheduled_actor*, caf::exit_msg& x) {
      if (deaf)
        return;
      at_.stopped(id_);
      quit(x.reason);
    });
  }

  void on_exit() override { at_.gone(id_, this); }

  caf::behavior make_behavior() override {
    caf::anon_send(caf::actor_cast<caf::actor>(born_.supervisor),
                   bulwark::detail::child_up{born_.key, born_.incarnation});
    born_.supervisor = nullptr;
    return {[](bulwark::detail::poke) {}};
  }

  bool deaf = false;

private:
  fixture& at_;
  std::string id_;
  bulwark::birth born_;
};

bulwark::child_policy policy_of(const node& what) {
  bulwark::child_policy result;
  result.restart.type = static_cast<bulwark::restart_type>(what.restart);
  result.restart.shutdown = what.shutdown_ms
                              ? std::chrono::milliseconds{*what.shutdown_ms}
                              : bulwark::option_duration_max;
  result.significant = what.significant;
  return bulwark::otp_strict(result);
}

bulwark::child_spec spec_of(const node& what) {
  auto policy = policy_of(what);
  bulwark::child_spec result;
  result.id = what.id;
  result.restart = policy.restart;
  result.significant = policy.significant;
  return result;
}

} // namespace

fixture::fixture(const peer_case& item)
  : rig([](auto& config) { bulwark::add_message_types(config); }), case_(item) {
  if (item.reports) {
    bulwark::monitor_options options;
    options.beat_every = {};
    options.node = "ours";
    options.now = [] { return bulwark::wall_time{}; };
    options.sink = [this](const bulwark::event& what, bulwark::event_origin) {
      report(what);
    };
    monitor_ = bulwark::spawn_monitor(rig.system(), std::move(options));
  }
  for (const auto& each : item.tree)
    if (each.kind != node_kind::instance_template)
      specs_.emplace(each.id, each);
}

bulwark::supervisor_settings fixture::settings(const node& what,
                                               const std::string& path) {
  auto policy = bulwark::otp_strict({}, what.intensity,
                                    std::chrono::seconds{what.period_s});
  bulwark::supervisor_settings result;
  result.path = path;
  result.strategy = static_cast<bulwark::restart_strategy>(what.strategy);
  result.on_significant =
    static_cast<bulwark::auto_shutdown>(what.on_significant);
  result.limits = policy.limits;
  result.strict = policy.strict;
  result.events = monitor_.events;
  for (const auto& child : case_.tree) {
    if (child.parent != what.id)
      continue;
    switch (child.kind) {
    case node_kind::supervisor:
      result.children.push_back(nested(child, path + "/" + child.id));
      break;
    case node_kind::worker:
      result.children.push_back(worker(child));
      break;
    case node_kind::instance_template:
      result.children.push_back(instance_template(child));
      break;
    }
  }
  return result;
}

bulwark::child_spec fixture::nested(const node& what, const std::string& path) {
  auto policy = policy_of(what);
  auto result = bulwark::supervisor_child(settings(what, path), policy.restart);
  result.significant = policy.significant;
  result.start = [this, id = what.id, start = result.start](
                   caf::execution_unit* eu, const bulwark::birth& born) {
    spring_traps(id);
    auto handle = start(eu, born);
    running_[id] = {handle, false};
    return handle;
  };
  result.on_change = [this, id = what.id](const bulwark::child_change& x) {
    changed_supervisor(id, x);
  };
  return result;
}

bulwark::child_spec fixture::worker(const node& what) {
  auto result = spec_of(what);
  specs_[what.id] = what;
  result.start = [this, id = what.id](caf::execution_unit*,
                                      const bulwark::birth& born) {
    spring_traps(id);
    if (auto& times = ignoring_[id]; times > 0) {
      --times;
      note("ignored " + id);
      throw bulwark::ignore_start{};
    }
    if (auto& times = failing_[id]; times > 0) {
      --times;
      note("start_failed " + id);
      throw std::runtime_error{"told to fail"};
    }
    auto handle = rig.system().spawn<worker_actor>(*this, id, born);
    running_[id] = {caf::actor_cast<caf::strong_actor_ptr>(handle), false};
    return running_[id].handle;
  };
  result.on_change = [this](const bulwark::child_change& x) {
    if (x.state == child_state::up)
      came_up(x.handle);
  };
  return result;
}

/// Instances are named by what they are started with.
bulwark::child_spec fixture::instance_template(const node& what) {
  auto result = spec_of(what);
  result.id = "template";
  result.start = [this](caf::execution_unit* eu, const bulwark::birth& born) {
    auto id = born.arguments.get_as<std::string>(0);
    return worker(specs_.at(id)).start(eu, born);
  };
  result.on_change = [this](const bulwark::child_change& x) {
    if (x.state == child_state::up)
      came_up(x.handle);
  };
  return result;
}

void fixture::spring_traps(const std::string& started) {
  auto above = specs_.at(started).parent;
  auto up = above == "root" ? root_up_ : running_[above].up;
  if (!up)
    return;
  std::vector<action> sprung;
  for (auto it = traps_.begin(); it != traps_.end();)
    if (it->other == started) {
      sprung.push_back(*it);
      it = traps_.erase(it);
    } else {
      ++it;
    }
  for (const auto& each : sprung)
    end(each.id, each.how);
}

bool fixture::end(const std::string& worker, exit_class how) {
  auto& who = running_[worker];
  if (!who.handle || !who.up)
    return false;
  note("end " + worker + " " + class_names[static_cast<int>(how)]);
  auto handle = std::exchange(who.handle, nullptr);
  who.up = false;
  static_cast<caf::event_based_actor*>(handle->get())
    ->cleanup(reason_of(how), nullptr);
  return true;
}

void fixture::came_up(const caf::strong_actor_ptr& handle) {
  for (auto& [id, who] : running_)
    if (who.handle == handle) {
      who.up = true;
      ever_up_.insert(id);
      note("start " + id);
      return;
    }
}

void fixture::stopped(const std::string& worker) {
  note("stop " + worker + " shutdown");
  running_[worker] = {};
}

void fixture::changed_supervisor(const std::string& id,
                                 const bulwark::child_change& change) {
  auto& who = running_[id];
  switch (change.state) {
  case child_state::up:
    who.up = true;
    note("start " + id);
    break;
  case child_state::waiting:
  case child_state::stopped:
  case child_state::failed:
    if (who.handle)
      note((who.up ? "sup_down " + id + " shutdown" : "start_failed " + id));
    who = {};
    break;
  default:
    break;
  }
}

void fixture::gone(const std::string& worker, const caf::abstract_actor* who) {
  auto& at = running_[worker];
  if (!at.handle || at.handle->get() != who)
    return;
  note("stop " + worker + " kill");
  at = {};
}

bool fixture::make_deaf(const std::string& worker) {
  auto& who = running_[worker];
  if (who.up)
    static_cast<worker_actor*>(who.handle->get())->deaf = true;
  return who.up;
}

/// In OTP's words; what it has no word for is left out.
void fixture::report(const bulwark::event& what) {
  using bulwark::event_kind;
  auto id = what.component.substr(what.component.rfind('/') + 1);
  auto is_child = what.incarnation > 0;
  auto late = [](const auto& pair) {
    return pair.first == "killed_after" && pair.second != "0ms";
  };
  if (what.kind == event_kind::intensity_exceeded && !is_child)
    reports_.push_back("report shutdown " + id);
  else if (what.kind == event_kind::child_stopped
           && std::any_of(what.metadata.begin(), what.metadata.end(), late))
    reports_.push_back("report shutdown_error " + id);
  else if (what.kind == event_kind::child_stopped
           && what.failure != bulwark::failure_type::none)
    reports_.push_back("report child_terminated " + id);
  else if (is_child
           && (what.kind == event_kind::child_failed
               || what.kind == event_kind::supervisor_failed))
    reports_.push_back(what.failure == bulwark::failure_type::start_failed
                         ? "report start_error " + id
                         : "report child_terminated " + id);
}

std::vector<std::string> fixture::take_history(const std::string& by_hand) {
  auto result = std::exchange(history_, {});
  for (auto& line : std::exchange(reports_, {}))
    if (line != "report start_error " + by_hand)
      result.push_back(std::move(line));
  return result;
}

caf::actor fixture::supervisor(const std::string& id) const {
  if (id == "root")
    return root_ended_ ? caf::actor{} : root_;
  auto it = running_.find(id);
  if (it == running_.end() || !it->second.up)
    return {};
  return caf::actor_cast<caf::actor>(it->second.handle);
}

void fixture::settle() {
  for (int i = 0; i < turns; ++i) {
    rig.run();
    rig.advance(std::chrono::milliseconds{1});
  }
}

void fixture::start() {
  try {
    auto top = settings(case_.tree.front(), "/root");
    root_ = bulwark::spawn_supervisor(rig.system(), std::move(top));
  } catch (const std::invalid_argument&) {
    note("refused root");
    root_ended_ = true;
    return;
  }
  root_->attach_functor([this](const caf::error&) { root_ended_ = true; });
  settle();
  note(root_ended_ ? "start_failed root" : "start root");
  root_up_ = !root_ended_;
}

void fixture::stop_root() {
  bulwark::stop(root_);
  settle();
}

} // namespace test::otp
