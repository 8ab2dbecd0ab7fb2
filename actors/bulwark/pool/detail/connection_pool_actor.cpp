#include <bulwark/caf_error.hpp>
#include <bulwark/detail/alarm_bell.hpp>
#include <bulwark/detail/control.hpp>
#include <bulwark/detail/supervisor_protocol.hpp>
#include <bulwark/log_text.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>

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

std::string name_of(std::string given, const caf::strong_actor_ptr& owner) {
  if (given.empty())
    given = owner ? to_string(owner) : "nobody";
  cut_text(given, event::text_max);
  return given;
}

} // namespace

connection_pool_actor::connection_pool_actor(
  caf::actor_config& config, const connection_pool_settings& settings,
  bulkhead compartment, std::shared_ptr<const connection_driver> driver,
  std::unique_ptr<worker_host> threads)
  : hardened(config, "bulkhead/" + settings.name, settings.events),
    options_(settings.connections),
    title_(settings.name),
    driver_(std::move(driver)),
    book_(options_, driver_->can_interrupt()),
    bell_(make_bell(system(), caf::actor_cast<caf::weak_actor_ptr>(ctrl()))) {
  auto me = address();
  if (!settings.compartment)
    own_ = compartment;
  desk_.emplace(compartment.core(), [me] {
    if (auto to = caf::actor_cast<caf::strong_actor_ptr>(me))
      to->get()->eq_impl(caf::make_message_id(), nullptr, nullptr, poke{});
  });
  crew_.emplace(std::move(threads), threads_for(options_));
  set_down_handler([this](caf::down_msg& what) {
    on_owner_down(what.source);
    look_around();
  });
}

caf::behavior connection_pool_actor::make_behavior() {
  on_time();
  look_around();
  return {
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
    [this](poke) { look_around(); },
    [this](time_is_up) {
      on_time();
      look_around();
    },
    [this](connection_counts_request) { return book_.counts(); },
    [this](stop_actor) {
      stop();
      look_around();
    },
  };
}

void connection_pool_actor::on_exit() {
  requests_.clear();
  desk_.reset();
  if (own_)
    own_.stop();
  crew_.reset();
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
  mine.consumer = name_of(std::move(what.consumer), owner);
  mine.wait = wait;
  mine.since = now();
  if (wait < duration::zero() || wait > std::chrono::hours{24})
    return refuse(id, make_error(errc::invalid_option,
                                 title_
                                   + ": acquire_connection.wait must be "
                                     "at least 0ms and at most 24h"));
  if (stopping_)
    return refuse(id, make_error(errc::stopped, title_ + ": was stopped"));
  watch(mine.owner);
  on_verdict(desk_->ask({id, mine.consumer, what.priority, mine.since + wait}));
}

void connection_pool_actor::on_verdict(const permit_desk::verdict& what) {
  auto known = requests_.find(what.id);
  if (what.waits || known == requests_.end())
    return;
  auto& mine = known->second;
  if (what.refused)
    refuse(what.id, full(*what.refused, mine));
  else
    perform(book_.want(what.id, mine.since + mine.wait, now()));
}

void connection_pool_actor::refuse(uint64_t want, const caf::error& why) {
  if (auto mine = requests_.extract(want)) {
    desk_->release(want);
    // An error that nobody asked for would end who gets it.
    if (mine.mapped().wanted)
      mine.mapped().promise.deliver(why);
  }
}

void connection_pool_actor::give(uint64_t id, uint64_t want) {
  auto mine = requests_.extract(want);
  if (!mine) {
    // Cannot be: who does not wait any more was withdrawn.
    desk_->release(want);
    perform(book_.give_back(id, connection_verdict::good, now()));
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
    desk_->release(doomed.mapped());
  if (auto mine = leases_.extract(id)) {
    desk_->release(mine.mapped().want);
    perform(book_.give_back(id, what.verdict, now()));
  } else if (auto at = jobs_.find(id);
             at != jobs_.end() && at->second == job::interrupt) {
    returned_[id] = std::move(what.object);
  } else if (objects_.contains(id)) {
    what.object.reset();
    perform(book_.give_back(id, what.verdict, now()));
  } else {
    close_stray(std::move(what.object));
  }
}

// -- who dies -----------------------------------------------------------------

void connection_pool_actor::watch(const caf::actor_addr& who) {
  // Once for each actor: it is forgotten only when it is dead.
  if (who && owners_.insert(who).second)
    monitor(who);
}

void connection_pool_actor::on_owner_down(const caf::actor_addr& who) {
  if (owners_.erase(who) == 0)
    return;
  std::vector<uint64_t> asked;
  for (auto& [want, mine] : requests_)
    if (mine.owner == who)
      asked.push_back(want);
  for (auto want : asked) {
    book_.withdraw(want);
    refuse(want,
           make_error(errc::stopped, title_ + ": who asked for it has ended"));
  }
  std::vector<uint64_t> held;
  for (auto& [id, mine] : leases_)
    if (mine.owner == who)
      held.push_back(id);
  owner_died_ = true;
  for (auto id : held)
    perform(book_.take_back(id, now()));
  owner_died_ = false;
}

// -- time ---------------------------------------------------------------------

void connection_pool_actor::on_time() {
  auto at = now();
  if (alarm_ && *alarm_ <= at)
    alarm_.reset();
  desk_->expire();
  perform(book_.tick(at, chance()));
  crew_->tick(at);
}

void connection_pool_actor::look_around() {
  for (auto& each : desk_->settle())
    on_verdict(each);
  if (stopping_ && (book_.empty() || *stopping_ <= now())) {
    crew_->end_idle();
    quit(caf::exit_reason::user_shutdown);
    return;
  }
  arm();
}

void connection_pool_actor::arm() {
  std::optional<time_point> due = stopping_;
  for (auto each : {book_.next_due(), crew_->next_due(), desk_->next_expiry()})
    if (each && (!due || *each < *due))
      due = each;
  if (!due || (alarm_ && *alarm_ <= *due))
    return;
  alarm_ = due;
  ring_bell(clock(), bell_, *due);
}

void connection_pool_actor::stop() {
  if (stopping_)
    return;
  stopping_ = now() + options_.close_timeout;
  perform(book_.stop(now()));
  while (!requests_.empty())
    refuse(requests_.begin()->first,
           make_error(errc::stopped, title_ + ": was stopped"));
}

} // namespace bulwark::detail
