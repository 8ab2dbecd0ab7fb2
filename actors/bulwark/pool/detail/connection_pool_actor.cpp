#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>

#include <caf/actor_cast.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

namespace {

// Threads beyond those of the connections, for what comes back unasked.
constexpr size_t stray_threads = 8;

worker_options threads_for(const connection_options& options) {
  return {.core = 0,
          .max = options.max + stray_threads,
          .idle_max = std::chrono::seconds{10},
          .stuck_after = duration::zero(),
          .abandoned_max = options.abandoned_max};
}

pool_actor::frame frame_of(const connection_pool_settings& settings,
                           bulkhead compartment,
                           std::unique_ptr<worker_host> threads) {
  return {.name = settings.name,
          .compartment = std::move(compartment),
          .owned = !settings.compartment,
          .threads = std::move(threads),
          .workers = threads_for(settings.connections),
          .shutdown = settings.connections.close_timeout};
}

} // namespace

connection_pool_actor::connection_pool_actor(
  caf::actor_config& config, const connection_pool_settings& settings,
  bulkhead compartment, std::shared_ptr<const connection_driver> driver,
  std::unique_ptr<worker_host> threads)
  : pool_actor(config,
               frame_of(settings, std::move(compartment), std::move(threads)),
               settings.events),
    options_(settings.connections),
    driver_(std::move(driver)),
    table_(options_, driver_->can_interrupt()) {}

caf::behavior connection_pool_actor::make_behavior() {
  on_tick(now());
  look_around();
  return common_messages().or_else(
    [this](acquire_connection& what) {
      on_acquire(what);
      look_around();
    },
    [this](homecoming& what) {
      on_returned(*what.what);
      look_around();
    },
    [this](connection_job_done& what) {
      on_job_done(what);
      look_around();
    },
    [this](connection_counts_request) { return table_.counts(); });
}

void connection_pool_actor::clear() {
  requests_.clear();
  objects_.clear();
  returned_.clear();
}

// -- who asks -----------------------------------------------------------------

void connection_pool_actor::on_acquire(acquire_connection& what) {
  // Before the promise, which takes the sender away.
  auto owner = what.owner.value_or(current_sender());
  auto wait = what.wait.value_or(options_.wait);
  auto id = ++wants_;
  auto& mine = requests_[id];
  mine.wanted = current_message_id().is_request();
  mine.promise = make_response_promise();
  mine.owner = caf::actor_cast<caf::actor_addr>(owner);
  mine.consumer = consumer_name(std::move(what.consumer), owner);
  mine.wait = wait;
  mine.since = now();
  if (auto bad = complaint_about_wait(wait, "acquire_connection.wait"))
    return refuse(id, *bad);
  if (stopping())
    return refuse(id, make_error(errc::stopped, title() + ": was stopped"));
  watch(mine.owner);
  on_verdict(
    permits_->ask({id, mine.consumer, what.priority, mine.since + wait}));
}

void connection_pool_actor::on_verdict(const pool_permits::verdict& what) {
  auto known = requests_.find(what.id);
  if (what.waits || known == requests_.end())
    return;
  auto& mine = known->second;
  if (what.refused)
    refuse(what.id, full(*what.refused, mine));
  else
    perform(table_.want(what.id, mine.since + mine.wait, now()));
}

void connection_pool_actor::refuse(uint64_t want, const caf::error& why) {
  if (auto mine = requests_.extract(want)) {
    permits_->release(want);
    // An error that nobody asked for would end who gets it.
    if (mine.mapped().wanted)
      mine.mapped().promise.deliver(why);
  }
}

void connection_pool_actor::give(uint64_t id, uint64_t want) {
  auto mine = requests_.extract(want);
  if (!mine) {
    // Cannot be: who does not wait any more was withdrawn.
    permits_->release(want);
    perform(table_.give_back(id, connection_verdict::good, now()));
    return;
  }
  auto& who = mine.mapped();
  leases_[id] = {want, who.owner, who.consumer, now()};
  who.promise.deliver(
    driver_->offer(std::make_shared<lease_core>(address(), id, objects_[id])));
}

void connection_pool_actor::on_returned(connection_returned& what) {
  auto id = what.id;
  if (auto doomed = doomed_.extract(id))
    permits_->release(doomed.mapped());
  if (auto mine = leases_.extract(id)) {
    permits_->release(mine.mapped().want);
    perform(table_.give_back(id, what.verdict, now()));
  } else if (auto at = jobs_.find(id);
             at != jobs_.end() && at->second == job::interrupt) {
    returned_[id] = std::move(what.object);
  } else if (objects_.contains(id)) {
    what.object.reset();
    perform(table_.give_back(id, what.verdict, now()));
  } else {
    close_stray(std::move(what.object));
  }
}

// -- who dies -----------------------------------------------------------------

void connection_pool_actor::on_owner_down(const caf::actor_addr& who) {
  std::vector<uint64_t> asked;
  for (auto& [want, mine] : requests_)
    if (mine.owner == who)
      asked.push_back(want);
  for (auto want : asked) {
    table_.withdraw(want);
    refuse(want,
           make_error(errc::stopped, title() + ": who asked for it has ended"));
  }
  std::vector<uint64_t> held;
  for (auto& [id, mine] : leases_)
    if (mine.owner == who)
      held.push_back(id);
  owner_died_ = true;
  for (auto id : held)
    perform(table_.take_back(id, now()));
  owner_died_ = false;
}

// -- time ---------------------------------------------------------------------

void connection_pool_actor::on_tick(time_point now) {
  perform(table_.tick(now, chance()));
  workers_->tick(now);
}

std::optional<time_point> connection_pool_actor::next_due() const {
  return table_.next_due();
}

void connection_pool_actor::begin_stop() {
  perform(table_.stop(now()));
  while (!requests_.empty())
    refuse(requests_.begin()->first,
           make_error(errc::stopped, title() + ": was stopped"));
}

} // namespace bulwark::detail
