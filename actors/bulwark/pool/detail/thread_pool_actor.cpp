#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/self.hpp>
#include <bulwark/pool/detail/thread_pool_actor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/message_view.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

#include <utility>
#include <vector>

namespace bulwark::detail {

namespace {

pool_actor::frame frame_of(const thread_pool_settings& settings,
                           bulkhead compartment,
                           std::unique_ptr<worker_host> threads) {
  return {.name = settings.name,
          .compartment = std::move(compartment),
          .owned = !settings.compartment,
          .threads = std::move(threads),
          .workers = settings.threads,
          .shutdown = settings.shutdown};
}

} // namespace

thread_pool_actor::thread_pool_actor(caf::actor_config& config,
                                     const thread_pool_settings& settings,
                                     bulkhead compartment,
                                     std::unique_ptr<worker_host> threads)
  : pool_actor(config,
               frame_of(settings, std::move(compartment), std::move(threads)),
               settings.events),
    settings_(settings) {
  if (settings_.handler)
    set_default_handler([this](caf::scheduled_actor*, caf::message_view& what) {
      auto result = on_message(what);
      look_around();
      return result;
    });
}

caf::behavior thread_pool_actor::make_behavior() {
  return common_messages().or_else(
    [this](pool_task& what) {
      on_task(what);
      look_around();
    },
    [this](task_done& what) {
      on_done(what);
      look_around();
    },
    [this](thread_counts_request) { return counts(); });
}

// -- what comes ---------------------------------------------------------------

void thread_pool_actor::on_task(pool_task& what) {
  order fresh{.what = std::exchange(what.work, nullptr),
              .priority = what.priority,
              .wait = what.wait.value_or(settings_.wait),
              .consumer = consumer_name(what.consumer, current_sender()),
              .repeatable = false};
  if (!current_message_id().is_request()) {
    what.consumer = fresh.consumer;
    fresh.content = caf::make_message(std::move(what));
  }
  submit(std::move(fresh));
}

caf::result<caf::message>
thread_pool_actor::on_message(caf::message_view& what) {
  caf::message content;
  try {
    content = what.move_content_to_message();
  } catch (...) {
    return cannot_move(std::current_exception());
  }
  order fresh{.wait = settings_.wait,
              .consumer = consumer_name("", current_sender())};
  // A handler that writes on it writes on a copy.
  if (!current_message_id().is_request())
    fresh.content = content;
  fresh.what = [handler = settings_.handler,
                content = std::move(content)]() mutable {
    auto answer = handler(content);
    return answer
             ? std::move(*answer)
             : caf::make_message(caf::make_error(caf::sec::unexpected_message));
  };
  submit(std::move(fresh));
  return caf::delegated<caf::message>{};
}

caf::result<caf::message>
thread_pool_actor::cannot_move(const std::exception_ptr& thrown) {
  auto text = title() + ": cannot move the message: " + describe(thrown);
  auto why = make_error(errc::task_failed, std::move(text));
  if (current_message_id().is_request())
    return why;
  entry lost;
  lost.consumer = consumer_name("", current_sender());
  lost.letter.service = title();
  lost.letter.gate = weak_handle_of(*this);
  lost.letter.sender = current_sender();
  to_dead_letter(std::move(lost), why);
  return caf::message{};
}

void thread_pool_actor::submit(order what) {
  auto owner = current_sender();
  auto id = ++ids_;
  auto& fresh = tasks_[id];
  fresh.wanted = current_message_id().is_request();
  fresh.promise = make_response_promise();
  fresh.owner = caf::actor_cast<caf::actor_addr>(owner);
  fresh.consumer = std::move(what.consumer);
  fresh.what = std::move(what.what);
  fresh.wait = what.wait;
  if (!fresh.wanted)
    fresh.letter = {.service = title(),
                    .gate = weak_handle_of(*this),
                    .sender = owner,
                    .content = std::move(what.content),
                    .repeatable = what.repeatable};
  if (auto bad = complaint_about_wait(fresh.wait, "pool_task.wait"))
    return finish(id, caf::make_message(*bad));
  if (stopping())
    return finish(id, caf::make_message(abandoned("was stopped")));
  watch(fresh.owner);
  on_verdict(
    permits_->ask({id, fresh.consumer, what.priority, now() + fresh.wait}));
}

void thread_pool_actor::on_verdict(const pool_permits::verdict& what) {
  auto known = tasks_.find(what.id);
  if (what.waits || known == tasks_.end())
    return;
  if (what.refused)
    return finish(what.id,
                  caf::make_message(refused(*what.refused, known->second)));
  ready_.push_back(what.id);
  proceed();
}

// -- what runs ----------------------------------------------------------------

void thread_pool_actor::proceed() {
  while (!ready_.empty() && workers_->plan().has_room()) {
    auto id = ready_.front();
    ready_.pop_front();
    if (tasks_.contains(id))
      start(id);
  }
}

void thread_pool_actor::start(uint64_t id) {
  auto& mine = tasks_[id];
  mine.running = true;
  mine.since = now();
  auto job = [pool = address(), id, what = std::move(mine.what),
              title = title()]() mutable {
    task_done result{id, {}, false};
    try {
      result.answer = what();
    } catch (...) {
      result.failed = true;
      result.answer = caf::make_message(make_error(
        errc::task_failed, title + ": " + describe(std::current_exception())));
    }
    // What it holds goes before anybody hears that it is done.
    what = nullptr;
    post(pool, nullptr, std::move(result));
  };
  if (workers_->run(id, std::move(job), now()))
    return;
  ++totals_.failed;
  finish(
    id, caf::make_message(make_error(
          errc::task_failed, title() + ": no thread could be started for it")));
}

void thread_pool_actor::on_done(task_done& what) {
  workers_->done(what.id, now());
  auto known = tasks_.find(what.id);
  // One that was abandoned may come back.
  if (known == tasks_.end())
    return;
  ++(what.failed ? totals_.failed : totals_.done);
  if (what.failed && !known->second.wanted)
    tell_of(known->second, event_kind::message_failed,
            describe(what.answer.get_as<caf::error>(0)));
  finish(what.id, std::move(what.answer));
}

void thread_pool_actor::finish(uint64_t id, caf::message answer) {
  auto mine = tasks_.extract(id);
  if (!mine)
    return;
  permits_->release(id);
  // An error that nobody asked for would end who gets it.
  if (!mine.mapped().wanted && answer.match_elements<caf::error>())
    return to_dead_letter(std::move(mine.mapped()),
                          answer.get_as<caf::error>(0));
  mine.mapped().promise.deliver(std::move(answer));
}

// -- what goes wrong ----------------------------------------------------------

void thread_pool_actor::on_owner_down(const caf::actor_addr& who) {
  std::vector<uint64_t> gone;
  for (auto& [id, mine] : tasks_)
    if (mine.owner == who && !mine.running)
      gone.push_back(id);
  totals_.dropped += gone.size();
  for (auto id : gone)
    finish(id, caf::make_message(abandoned("who sent it has ended")));
}

void thread_pool_actor::on_stuck(const worker_pool::stuck& what) {
  auto known = tasks_.find(what.task);
  if (known == tasks_.end())
    return;
  auto& mine = known->second;
  if (!what.replaced) {
    ++totals_.stuck;
    return tell_of(mine, event_kind::task_stuck, "does not come to its end");
  }
  ++totals_.replaced;
  tell_of(mine, event_kind::worker_replaced, "its task is stuck");
  finish(what.task, caf::make_message(abandoned("got stuck")));
}

void thread_pool_actor::on_tick(time_point now) {
  for (auto& each : workers_->tick(now))
    on_stuck(each);
}

// -- the end ------------------------------------------------------------------

void thread_pool_actor::begin_stop() {
  std::vector<uint64_t> waiting;
  for (auto& [id, mine] : tasks_)
    if (!mine.running)
      waiting.push_back(id);
  for (auto id : waiting)
    finish(id, caf::make_message(abandoned("was stopped")));
}

void thread_pool_actor::give_up() {
  while (!tasks_.empty())
    finish(tasks_.begin()->first, caf::make_message(abandoned("was stopped")));
}

} // namespace bulwark::detail
