#include "actors/pool/thread_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>

namespace test {

using namespace bulwark;

namespace {

wall_time as_wall_time(time_point at) {
  return wall_time{std::chrono::duration_cast<std::chrono::microseconds>(
    at.time_since_epoch())};
}

} // namespace

thread_fixture::thread_fixture(worker_options options, bulkhead_options permits,
                               caf::message_handler handler)
  : monitor_(spawn_monitor(
    rig.system(), {.node = "alpha",
                   .now = [this] { return as_wall_time(rig.now()); },
                   .sink = [this](const event& what,
                                  event_origin) { events.push_back(what); },
                   .beat_every = {}})) {
  letters = keep_dead_letters(
    rig.system(), {.now = [this] { return as_wall_time(rig.now()); },
                   .events = monitor_.events});
  thread_pool_settings settings{.name = "web",
                                .threads = options,
                                .bulkhead = permits,
                                .handler = std::move(handler),
                                .events = monitor_.events,
                                .letters = letters.box};
  compartment =
    bulkhead{rig.system(), "web", bulkhead_of(settings), monitor_.events};
  pool = rig.system().spawn<detail::thread_pool_actor>(settings, compartment,
                                                       threads.host());
  rig.run();
}

thread_fixture::~thread_fixture() {
  for (auto& [name, each] : clients_)
    caf::anon_send_exit(each, caf::exit_reason::kill);
  clients_.clear();
  caf::anon_send(pool, detail::stop_pool{});
  settle();
  pool = nullptr;
  bulwark::stop(letters.handle);
  bulwark::stop(monitor_.handle);
  rig.run();
}

caf::actor thread_fixture::client(const std::string& who) {
  auto& known = clients_[who];
  if (known)
    return known;
  known = rig.system().spawn([this, who](caf::event_based_actor* self) {
    return caf::behavior{
      [this, who, self](caf::message& what, bool asks) {
        if (!asks) {
          self->send(pool, std::move(what));
          return;
        }
        self->request(pool, caf::infinite, std::move(what))
          .then([this, who](int x) { answers[who] = std::to_string(x); },
                [this, who](const caf::error& why) {
                  answers[who] = describe(why);
                });
      },
      [this, who](int x) { answers[who] = "sent " + std::to_string(x); },
    };
  });
  return known;
}

bool thread_fixture::do_one() {
  auto done = threads.do_one();
  rig.run();
  return done;
}

void thread_fixture::kill(const std::string& who) {
  caf::anon_send_exit(clients_.at(who), caf::exit_reason::kill);
  clients_.erase(who);
  rig.run();
}

bool thread_fixture::lives(const std::string& who) {
  return !caf::actor_cast<caf::abstract_actor*>(clients_.at(who))
            ->getf(caf::abstract_actor::is_terminated_flag);
}

std::string thread_fixture::answer(const std::string& who) const {
  auto known = answers.find(who);
  return known != answers.end() ? known->second : "-";
}

thread_counts thread_fixture::counts() {
  thread_counts result;
  rig.system().spawn([&result, to = pool](caf::event_based_actor* self) {
    self->request(to, caf::infinite, detail::thread_counts_request{})
      .then([&result](const thread_counts& x) { result = x; });
  });
  rig.run();
  return result;
}

dead_letter_list thread_fixture::dead_letters() {
  dead_letter_list result;
  rig.system().spawn(
    [&result, to = letters.handle](caf::event_based_actor* self) {
      self->request(to, caf::infinite, dead_letters_request{})
        .then([&result](const dead_letter_list& x) { result = x; });
    });
  rig.run();
  return result;
}

std::vector<std::string> thread_fixture::history() const {
  std::vector<std::string> result;
  for (auto& each : events)
    if (each.kind != event_kind::threshold_crossed)
      result.push_back(to_text(each).substr(each.node.size() + 1));
  return result;
}

} // namespace test
