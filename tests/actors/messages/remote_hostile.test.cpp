#include <bulwark/caf/stop.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>
#include <bulwark/messages/message_types.hpp>
#include <bulwark/supervisor/detail/child_notices.hpp>
#include <bulwark/supervisor/supervisor.hpp>
#include <bulwark/supervisor/supervisor_requests.hpp>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <catch2/catch.hpp>

// Two actor systems that meet over a real connection, and so on real threads.
// What was sent before a request has arrived when its answer is there.

using namespace bulwark;

namespace {

class node_config : public caf::actor_system_config {
public:
  node_config() {
    load<caf::io::middleman>();
    set("scheduler.max-threads", 2);
    bulwark::add_message_types(*this);
  }
};

caf::behavior idle(caf::event_based_actor* self) {
  self->set_default_handler(caf::drop);
  return {
    [](int) {},
  };
}

/// Returns a handle in `there` of an actor that lives in `here`.
caf::actor reach(caf::actor_system& here, caf::actor_system& there,
                 const caf::actor& who) {
  auto port = here.middleman().publish(who, 0, "127.0.0.1");
  if (!port)
    throw std::runtime_error{here.render(port.error())};
  auto proxy = there.middleman().remote_actor("127.0.0.1", *port);
  if (!proxy)
    throw std::runtime_error{there.render(proxy.error())};
  return *proxy;
}

/// Returns the answer to `question`, or the default when there is none.
template <class Answer, class Question>
Answer ask(caf::scoped_actor& self, const caf::actor& who, Question question) {
  Answer result;
  self->request(who, std::chrono::seconds{10}, std::move(question))
    .receive([&](Answer& x) { result = std::move(x); },
             [](const caf::error&) {});
  return result;
}

void attack(caf::actor_system& system, const caf::actor& victim) {
  auto client = system.spawn(idle);
  auto source = caf::actor_cast<caf::strong_actor_ptr>(client);
  auto send = [&](caf::message content,
                  caf::message_id mid = caf::make_message_id()) {
    victim->enqueue(source, mid, std::move(content), nullptr);
  };
  for (auto reason : {caf::exit_reason::kill, caf::exit_reason::user_shutdown,
                      caf::exit_reason::unreachable}) {
    send(caf::make_message(caf::exit_msg{client->address(), reason}));
    send(caf::make_message(caf::exit_msg{victim->address(), reason}));
    send(caf::make_message(caf::down_msg{victim->address(), reason}));
    caf::anon_send(victim, caf::exit_msg{victim->address(), reason});
  }
  send(caf::make_message(caf::make_error(caf::sec::runtime_error)));
  send(caf::make_message("never heard of", 42));
  send(caf::message{});
  for (auto category : {caf::message_id::upstream_message_category,
                        caf::message_id::downstream_message_category})
    send(caf::make_message(42), caf::make_message_id().with_category(category));
  send(caf::make_message(caf::upstream_msg{
    caf::stream_slots{1, 2}, client->address(), caf::upstream_msg::drop{}}));
  caf::anon_send_exit(client, caf::exit_reason::kill);
}

} // namespace

TEST_CASE("whatever a remote client sends, supervisor and monitor go on",
          "[supervisor][monitor][hostile][threads]") {
  node_config our_config;
  node_config their_config;
  caf::actor_system here{our_config};
  caf::actor_system there{their_config};
  monitor_options options;
  options.node = "alpha";
  options.now = [] { return wall_time{}; };
  auto monitor = spawn_monitor(here, options);
  child_spec worker;
  worker.id = "a";
  worker.start = [&](caf::execution_unit*, const birth& born) {
    auto child = here.spawn(idle);
    caf::anon_send(caf::actor_cast<caf::actor>(born.supervisor),
                   detail::child_up{born.key, born.incarnation});
    return caf::actor_cast<caf::strong_actor_ptr>(child);
  };
  supervisor_settings settings;
  settings.path = "/root/s";
  settings.children = {worker};
  settings.events = monitor.events;
  auto top = spawn_supervisor(here, settings);
  {
    caf::scoped_actor client{there};
    auto far_top = reach(here, there, top);
    auto far_monitor = reach(here, there, monitor.handle);
    attack(there, far_top);
    attack(there, far_monitor);
    CHECK(ask<child_counts>(client, far_top, child_counts_request{})
          == child_counts{1, 1, 0, 1});
    auto events =
      ask<recent_events>(client, far_monitor, recent_events_request{100, ""});
    std::vector<event_kind> kinds;
    for (const auto& what : events.events)
      kinds.push_back(what.kind);
    CHECK_THAT(kinds, Catch::VectorContains(event_kind::child_started));
    CHECK_THAT(kinds, Catch::VectorContains(event_kind::message_refused));
  }
  bulwark::stop(top);
  caf::scoped_actor self{here};
  self->wait_for(top);
  bulwark::stop(monitor.handle);
}
