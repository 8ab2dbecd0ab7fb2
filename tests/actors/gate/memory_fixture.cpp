#include "actors/gate/memory_fixture.hpp"

#include "actors/gate/failing_memory.hpp"
#include "actors/gate/permits.hpp"

#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <utility>

namespace test {

namespace {

using namespace bulwark;

caf::strong_actor_ptr pointer_to(const caf::actor& who) {
  return caf::actor_cast<caf::strong_actor_ptr>(who);
}

/// Does something with each message at the place of the actor that it is sent
/// to.
class relay : public caf::monitorable_actor {
public:
  using handler = std::function<void(caf::mailbox_element_ptr)>;

  relay(caf::actor_config& config, handler handle)
    : monitorable_actor(config), handle_(std::move(handle)) {}

  const char* name() const override { return "relay"; }

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    handle_(std::move(what));
  }

private:
  handler handle_;
};

caf::strong_actor_ptr make_relay(caf::actor_system& sys,
                                 relay::handler handle) {
  caf::actor_config config;
  return caf::make_actor<relay, caf::strong_actor_ptr>(
    sys.next_actor_id(), sys.node(), &sys, config, std::move(handle));
}

/// A queue of jobs that allocates nothing for the next few: what fails there
/// is not the gate's.
void make_room(std::deque<caf::resumable*>& jobs) {
  constexpr int turns_max = 64;
  auto place = [&] { return jobs.empty() ? nullptr : &jobs.back(); };
  auto n = std::max<size_t>(jobs.size(), 1);
  for (int i = 0; i < turns_max; ++i) {
    bool fresh = false;
    for (size_t each = 0; each < n; ++each) {
      auto* before = place();
      jobs.push_back(jobs.empty() ? nullptr : jobs.front());
      fresh |= before != nullptr && place() != before + 1;
      jobs.pop_front();
    }
    if (fresh)
      return;
  }
}

} // namespace

memory_fixture::memory_fixture(const scene& what, shortage when)
  : scene_(what), when_(when), client_(fixture_.rig) {
  make_gate();
  if (!scene_.closed)
    open();
  if (scene_.busy) {
    fixture_.ask(gate_.handle(), keep_atom::value, 1);
  }
  request();
}

memory_fixture::~memory_fixture() {
  gate_.stop();
  if (scene_.peer)
    other_.stop();
  if (pool_)
    pool_.stop();
  fixture_.rig.run();
}

void memory_fixture::make_gate() {
  auto& sys = fixture_.rig.system();
  gate_settings settings;
  settings.service = "a service whose name is long";
  settings.options = scene_.options;
  settings.letters = fixture_.letters.box;
  if (scene_.bulkhead) {
    pool_ = bulkhead{sys, "pool_with_a_long_name", *scene_.bulkhead};
    settings.bulkhead = pool_;
  }
  gate_ = gate{sys, settings};
  if (!scene_.peer)
    gate_.declare_replicas(1);
  if (scene_.peer) {
    settings.bulkhead = {};
    other_ = gate{sys, settings};
    other_.declare_replicas(1);
    // What comes before it is up waits for it.
    if (scene_.closed)
      gate_.expect_peers();
  }
  fixture_.rig.run();
}

/// Runs what there is to do; some of that fails in the gate's own turns.
void memory_fixture::run() {
  auto& sys = fixture_.rig.system();
  auto& all = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  auto* own = dynamic_cast<caf::resumable*>(
    caf::actor_cast<caf::abstract_actor*>(gate_.handle()));
  while (when_.where == shortage::place::turns && !all.jobs.empty()) {
    make_room(all.jobs);
    if (all.jobs.front() != own || seen_ >= when_.first) {
      all.run_once();
      continue;
    }
    failing_memory fails{when_.first - seen_, when_.all};
    all.run_once();
    seen_ += failing_memory::counted();
    failed_ |= failing_memory::failed();
  }
  fixture_.rig.run();
}

void memory_fixture::open() {
  auto& behind = scene_.peer ? other_ : gate_;
  auto replica = fixture_.spawn_replica(behind, 0, 1, "g");
  if (when_.where == shortage::place::exit) {
    auto path = std::make_shared<caf::strong_actor_ptr>();
    auto exit = make_relay(fixture_.rig.system(), [=, this](auto what) {
      failing_memory fails{when_.first, when_.all};
      (*path)->get()->enqueue(std::move(what), nullptr);
      failed_ |= failing_memory::failed();
    });
    replica = make_relay(fixture_.rig.system(), [=](auto what) {
      *path = std::exchange(what->stages.back(), exit);
      replica->get()->enqueue(std::move(what), nullptr);
    });
  }
  auto known = asked_ != nullptr || scene_.plain;
  behind.replica_changed(0, {child_state::up, 1, replica, {}});
  if (known)
    run();
  fixture_.rig.run();
  if (scene_.peer)
    gate_.peer_up("beta", pointer_to(other_.handle()));
  if (known)
    run();
  fixture_.rig.run();
}

void memory_fixture::request() {
  auto to = gate_.handle();
  if (when_.where == shortage::place::entrance)
    to = caf::actor_cast<caf::actor>(
      make_relay(fixture_.rig.system(), [this](auto what) {
        failing_memory fails{when_.first, when_.all};
        pointer_to(gate_.handle())->get()->enqueue(std::move(what), nullptr);
        failed_ |= failing_memory::failed();
      }));
  auto& sys = fixture_.rig.system();
  make_room(
    dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler()).jobs);
  if (scene_.plain) {
    caf::anon_send(client_.handle(), task{[=, this](auto* self) {
                     self->send(to, *scene_.call, 7);
                   }});
    return run();
  }
  asked_ = scene_.silent ? ask(to, drop_atom::value)
           : scene_.call ? ask(to, *scene_.call, 7)
                         : ask(to, 7);
}

/// Makes a request, and runs as `run` does.
template <class... Ts>
std::shared_ptr<const reply<int>> memory_fixture::ask(const caf::actor& to,
                                                      Ts... xs) {
  auto result = std::make_shared<reply<int>>();
  caf::anon_send(client_.handle(), task{[=](caf::event_based_actor* self) {
                   self->request(to, caf::infinite, xs...)
                     .then([=](int x) { result->value = x; },
                           [=](caf::error& x) { result->error = x; });
                 }});
  run();
  return result;
}

std::string memory_fixture::left_over() {
  if (scene_.closed)
    open();
  if (scene_.busy) {
    auto promise = fixture_.room("g").kept.at(0);
    caf::anon_send(
      fixture_.room("g").keepers.at(0),
      task{[=](caf::event_based_actor*) mutable { promise.deliver(0); }});
    run();
  }
  fixture_.rig.advance(std::chrono::minutes{2});
  std::string result;
  auto note = [&](const char* what, size_t n) {
    if (n > 0)
      result += std::to_string(n) + " " + what + "; ";
  };
  note("entries", open_requests(gate_));
  note("in flight", gate_.status().in_flight);
  note("waiting", gate_.status().waiting);
  if (pool_) {
    note("permits", use(pool_));
    note("in line", pool_.core()->read_table(
                      [](const auto& book) { return book.waiting(); }));
  }
  if (scene_.peer)
    note("entries at the other node", open_requests(other_));
  return result;
}

bool memory_fixture::next_passes() {
  return (scene_.call ? client_.asks<int>(gate_.handle(), *scene_.call, 7)
                      : client_.asks<int>(gate_.handle(), 7))
           ->value
         == 7;
}

} // namespace test
