#include "actors/pool/pool_fixture.hpp"

#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/stop.hpp>
#include <bulwark/pool/detail/pool_actor.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <stdexcept>

namespace test {

using namespace bulwark;

namespace {

/// To a client: ask.
struct ask_now {
  acquire_connection what;
};

wall_time as_wall_time(time_point at) {
  return wall_time{std::chrono::duration_cast<std::chrono::microseconds>(
    at.time_since_epoch())};
}

} // namespace

} // namespace test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(test::ask_now)

namespace test {

fake_connection::fake_connection(std::shared_ptr<fake_server> to)
  : server(std::move(to)), number(++server->opened) {
  server->most = std::max(server->most, ++server->open);
}

std::unique_ptr<fake_connection> fake_connector::open() const {
  if (server->away)
    throw std::runtime_error{"the server is away"};
  return std::make_unique<fake_connection>(server);
}

bool fake_connector::validate(connection& what) const {
  ++server->validated;
  return !server->away && !server->dead.contains(what.number);
}

void fake_connector::interrupt(connection&) const noexcept {
  ++server->interrupted;
}

pool_fixture::pool_fixture(connection_options options, bulkhead_options permits,
                           bool can_interrupt)
  : monitor_(spawn_monitor(
    rig.system(), {.node = "alpha",
                   .now = [this] { return as_wall_time(rig.now()); },
                   .sink = [this](const event& what,
                                  event_origin) { events.push_back(what); },
                   .beat_every = {}})) {
  connection_pool_settings settings{.name = "db",
                                    .connections = options,
                                    .bulkhead = permits,
                                    .events = monitor_.events};
  compartment =
    bulkhead{rig.system(), "db", bulkhead_of(settings), monitor_.events};
  std::shared_ptr<const detail::connection_driver> driver;
  fake_connector how{server};
  if (can_interrupt)
    driver = std::make_shared<detail::driver_of<fake_connector>>(how);
  else
    driver = std::make_shared<detail::driver_of<stubborn_connector>>(
      stubborn_connector{how});
  pool = rig.system().spawn<detail::connection_pool_actor>(
    settings, compartment, std::move(driver), threads.host());
  settle();
}

pool_fixture::~pool_fixture() {
  clients_.clear();
  leases.clear();
  caf::anon_send(pool, detail::stop_pool{});
  settle();
  pool = nullptr;
  bulwark::stop(monitor_.handle);
  rig.run();
}

caf::actor pool_fixture::client(const std::string& who) {
  auto& known = clients_[who];
  if (known)
    return known;
  known = rig.system().spawn([this, who](caf::event_based_actor* self) {
    return caf::behavior{[this, who, self](ask_now& x) {
      self->request(pool, caf::infinite, std::move(x.what))
        .then(
          [this, who](const connection_offer<fake_connection>& got) {
            leases[who] = got.take();
          },
          [this, who](const caf::error& why) { errors[who] = describe(why); });
    }};
  });
  return known;
}

void pool_fixture::ask(const std::string& who, acquire_connection what) {
  if (what.consumer.empty())
    what.consumer = who;
  leases.erase(who);
  errors.erase(who);
  caf::anon_send(client(who), ask_now{std::move(what)});
  rig.run();
}

void pool_fixture::settle() {
  do
    rig.run();
  while (threads.do_one());
}

void pool_fixture::pass(duration time) {
  const auto until = rig.now() + time;
  constexpr auto step = std::chrono::milliseconds{10};
  settle();
  while (rig.now() < until) {
    rig.advance(std::min<duration>(step, until - rig.now()));
    settle();
  }
}

void pool_fixture::kill(const std::string& who) {
  caf::anon_send_exit(clients_.at(who), caf::exit_reason::kill);
  clients_.erase(who);
  rig.run();
}

std::string pool_fixture::outcome(const std::string& who) const {
  if (auto known = leases.find(who); known != leases.end() && known->second)
    return std::to_string(known->second->number);
  auto known = errors.find(who);
  return known != errors.end() ? known->second : "-";
}

connection_counts pool_fixture::counts() const {
  connection_counts result;
  auto& sys = const_cast<deterministic_system&>(rig).system();
  sys.spawn([&result, to = pool](caf::event_based_actor* self) {
    self->request(to, caf::infinite, detail::connection_counts_request{})
      .then([&result](const connection_counts& x) { result = x; });
  });
  const_cast<deterministic_system&>(rig).run();
  return result;
}

std::string pool_fixture::history() const {
  std::string result;
  for (auto& each : events)
    result += (result.empty() ? "" : ", ") + to_string(each.kind);
  return result;
}

std::vector<event> pool_fixture::all(event_kind kind) const {
  std::vector<event> result;
  for (auto& each : events)
    if (each.kind == kind)
      result.push_back(each);
  return result;
}

} // namespace test
