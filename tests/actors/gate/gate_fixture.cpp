#include "actors/gate/gate_fixture.hpp"

#include <bulwark/caf/stop.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/messages/message_types.hpp>

#include <stdexcept>
#include <utility>

namespace test {

namespace {

bulwark::wall_time to_wall_time(bulwark::time_point at) {
  return bulwark::wall_time{
    std::chrono::duration_cast<std::chrono::microseconds>(
      at.time_since_epoch())};
}

class client_actor : public caf::event_based_actor {
public:
  client_actor(caf::actor_config& config, std::shared_ptr<client_records> book)
    : event_based_actor(config), book_(std::move(book)) {
    set_default_handler(
      [this](caf::scheduled_actor*,
             caf::message_view& x) -> caf::result<caf::message> {
        book_->inbox.push_back(x.move_content_to_message());
        book_->senders.push_back(
          caf::actor_cast<caf::actor_addr>(current_sender()));
        return caf::message{};
      });
  }

  using event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* eu) override {
    book_->responses += what->mid.is_response();
    event_based_actor::enqueue(std::move(what), eu);
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const task& x) { x.run(this); },
    };
  }

private:
  std::shared_ptr<client_records> book_;
};

} // namespace

client::client(deterministic_system& rig)
  : rig_(rig),
    book_(std::make_shared<client_records>()),
    handle_(rig.system().spawn<client_actor>(book_)) {
  rig_.run();
}

void client::does(std::function<void(caf::event_based_actor*)> what) const {
  caf::anon_send(handle_, task{std::move(what)});
  rig_.run();
}

bool client::ended() const {
  auto result = std::make_shared<bool>(false);
  handle_->attach_functor([result](const caf::error&) { *result = true; });
  return *result;
}

caf::behavior worker(caf::event_based_actor* self,
                     std::shared_ptr<backroom> room) {
  ++room->incarnations;
  room->replica = self;
  auto note = [=](int x) {
    room->handled.push_back(x);
    room->senders.push_back(
      caf::actor_cast<caf::actor_addr>(self->current_sender()));
  };
  return {
    [=](int x) {
      note(x);
      return x;
    },
    [=](const std::string& x) { return x; },
    [=](boom_atom) -> int { throw std::runtime_error{"boom"}; },
    [=](keep_atom, int x) {
      note(x);
      room->kept.push_back(self->make_response_promise());
      room->keepers.push_back(self);
      return caf::delegated<int>{};
    },
    [=](drop_atom) {
      self->make_response_promise();
      return caf::delegated<int>{};
    },
    [=](void_atom) { note(0); },
    [=](const task& x) { x.run(self); },
    [=](fail_atom) -> caf::result<int> {
      return caf::make_error(caf::sec::invalid_argument, "no such thing");
    },
  };
}

gate_fixture::gate_fixture()
  : rig([](auto& config) { bulwark::add_message_types(config); }) {
  bulwark::monitor_options options;
  options.beat_every = {};
  options.node = "alpha";
  options.boot = 1;
  options.now = [this] { return to_wall_time(rig.now()); };
  options.sink = [this](const bulwark::event& what, bulwark::event_origin) {
    events.push_back(what);
  };
  monitor_ = bulwark::spawn_monitor(rig.system(), std::move(options));
  letters = bulwark::keep_dead_letters(
    rig.system(), {.letters_max = 10,
                   .bytes_max = 4096,
                   .now = [this] { return to_wall_time(rig.now()); },
                   .events = monitor_.events});
  rig.run();
}

gate_fixture::~gate_fixture() {
  clients_.clear();
  for (auto& it : services_)
    stop(it.supervisor);
  for (auto& it : services_)
    it.gate.stop();
  for (auto& it : gates_)
    it.stop();
  for (auto& it : bulkheads_)
    it.stop();
  rig.advance(std::chrono::minutes{1});
  for (auto& [name, room] : rooms_)
    *room = backroom{};
  stop(letters.handle);
  stop(monitor_.handle);
}

const service& gate_fixture::serve(const std::string& name,
                                   bulwark::replica_factory factory,
                                   const service_plan& plan) {
  auto& result = services_.emplace_back();
  result.gate =
    bulwark::gate{rig.system(),
                  {.service = name,
                   .options = plan.gate,
                   .events = monitor_.events,
                   .letters = letters.box,
                   .types = factory.types(rig.system()),
                   .idempotent = plan.idempotent,
                   .bulkhead = plan.bulkhead,
                   .one_each = plan.one_each,
                   .strategy = plan.balance,
                   .weights = plan.weights,
                   .route = plan.route,
                   .slow_start = plan.slow_start,
                   .balancing = plan.balancing,
                   .group = {{plan.replicas, plan.standby, plan.group,
                              plan.ejection, plan.probe}},
                   .protections = plan.protections,
                   .retry = plan.retry,
                   .hedge = plan.hedge,
                   .retry_budget = plan.retry_budget,
                   .fallback = plan.fallback,
                   .substitutes = plan.substitutes}};
  auto replicas = plan.replicas + plan.standby;
  result.gate.declare_replicas(replicas);
  bulwark::supervisor_settings settings;
  settings.path = "/root/" + name;
  settings.events = monitor_.events;
  settings.limits = plan.limits;
  settings.strategy = plan.strategy;
  settings.children_min =
    plan.standby > 0 ? replicas : std::min<size_t>(replicas, 1);
  settings.children_max = 8;
  settings.more = [=, gate = result.gate](size_t i) {
    auto index = static_cast<uint8_t>(i);
    gate.declare_replica(index);
    bulwark::child_spec spec;
    spec.id = name + "#" + std::to_string(i + 1);
    spec.restart = plan.restart;
    spec.on_failure = plan.on_failure;
    spec.start = bulwark::start_behind(gate, index, factory);
    spec.on_change = [gate, index](const bulwark::child_change& change) {
      gate.replica_changed(index, change);
    };
    return spec;
  };
  for (size_t i = 0; i < replicas; ++i)
    settings.children.push_back(settings.more(i));
  result.supervisor =
    bulwark::spawn_supervisor(rig.system(), std::move(settings));
  rig.run();
  return result;
}

const service& gate_fixture::work(const std::string& name,
                                  const service_plan& plan) {
  return serve(name, bulwark::make_replica_factory(worker, shared_room(name)),
               plan);
}

const bulwark::gate& gate_fixture::gate(
  const std::string& name, bulwark::gate_options options, size_t n,
  std::vector<std::shared_ptr<bulwark::protection>> protections) {
  auto& result = gates_.emplace_back(
    rig.system(),
    bulwark::gate_settings{.service = name,
                           .options = options,
                           .events = monitor_.events,
                           .letters = letters.box,
                           .protections = std::move(protections)});
  result.declare_replicas(n);
  rig.run();
  return result;
}

std::shared_ptr<bulwark::service_breaker>
gate_fixture::breaker(const std::string& service,
                      const bulwark::breaker_options& options) {
  return std::make_shared<bulwark::service_breaker>(rig.system(), service,
                                                    options, monitor_.events);
}

const bulwark::bulkhead&
gate_fixture::bulkhead(const std::string& name,
                       const bulwark::bulkhead_options& options) {
  auto& result =
    bulkheads_.emplace_back(rig.system(), name, options, monitor_.events);
  rig.run();
  return result;
}

backroom& gate_fixture::room(const std::string& name) {
  return *shared_room(name);
}

std::shared_ptr<backroom> gate_fixture::shared_room(const std::string& name) {
  auto& result = rooms_[name];
  if (!result)
    result = std::make_shared<backroom>();
  return result;
}

void gate_fixture::inside(const std::string& name,
                          std::function<void(caf::event_based_actor*)> what) {
  caf::anon_send(room(name).replica, task{std::move(what)});
  rig.run();
}

void gate_fixture::deliver(const std::string& name, size_t index, int value) {
  auto promise = room(name).kept.at(index);
  // In the turn of the one who made it; CAF allows nothing else.
  caf::anon_send(
    room(name).keepers.at(index),
    task{[=](caf::event_based_actor*) mutable { promise.deliver(value); }});
  rig.run();
}

caf::strong_actor_ptr gate_fixture::spawn_replica(const bulwark::gate& at,
                                                  uint8_t index,
                                                  uint64_t incarnation,
                                                  const std::string& room) {
  auto start = bulwark::start_behind(
    at, index, bulwark::make_replica_factory(worker, shared_room(room)));
  auto result = start(
    rig.system().dummy_execution_unit(),
    {nullptr, 0, incarnation, std::make_shared<bulwark::child_control>()});
  rig.run();
  return result;
}

void gate_fixture::change(const bulwark::gate& at, uint8_t index,
                          bulwark::child_state state, uint64_t incarnation,
                          caf::strong_actor_ptr handle) {
  at.replica_changed(index, {state, incarnation, std::move(handle), {}});
  rig.run();
}

void gate_fixture::forge(const caf::actor& to, caf::strong_actor_ptr from,
                         caf::message content, caf::message_id mid) {
  to->enqueue(
    caf::make_mailbox_element(std::move(from), mid, {}, std::move(content)),
    nullptr);
  rig.run();
}

std::shared_ptr<bulwark::child_control>
gate_fixture::control_of(const bulwark::gate& at, uint8_t index) {
  return at.core()->control_of(index);
}

void gate_fixture::stop(const caf::actor& supervisor) {
  bulwark::stop(supervisor);
  rig.run();
}

std::vector<bulwark::event> gate_fixture::all(bulwark::event_kind kind) const {
  std::vector<bulwark::event> result;
  for (auto& what : events)
    if (what.kind == kind)
      result.push_back(what);
  return result;
}

size_t gate_fixture::count(bulwark::event_kind kind) {
  rig.advance(std::chrono::seconds{1});
  size_t result = 0;
  for (const auto& what : all(kind)) {
    size_t stands_for = 1;
    for (const auto& [key, value] : what.metadata)
      if (key == "count")
        stands_for = std::stoul(value);
    result += stands_for;
  }
  return result;
}

size_t open_requests(const bulwark::gate& at) {
  return at.core()->open_requests();
}

} // namespace test
