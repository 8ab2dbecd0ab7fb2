#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/gate/detail/cheap_random.hpp>
#include <bulwark/pool/detail/connection_pool_actor.hpp>
#include <bulwark/text/duration_text.hpp>

#include <utility>

namespace bulwark::detail {

double connection_pool_actor::chance() {
  return cheap_random() / 4294967296.0;
}

void connection_pool_actor::perform(const connection_steps& steps) {
  for (auto& step : steps)
    perform(step);
}

void connection_pool_actor::perform(const connection_step& step) {
  auto id = step.connection;
  switch (step.action) {
  case connection_action::open:
    return start(job::open, id);
  case connection_action::validate:
    return start(job::validate, id);
  case connection_action::close:
    return start(job::close, id);
  case connection_action::interrupt:
    return start(job::interrupt, id);
  case connection_action::give:
    return give(id, step.want);
  case connection_action::refuse_late:
  case connection_action::refuse_failed: {
    auto& who = requests_.at(step.want);
    return refuse(step.want, step.action == connection_action::refuse_late
                               ? full(errc::bulkhead_timeout, who)
                               : failed());
  }
  case connection_action::refuse_stopped:
    return refuse(step.want, make_error(errc::stopped, title()
                                                         + ": was "
                                                           "stopped"));
  case connection_action::abandon:
    return abandon(id);
  case connection_action::report_leak:
    return tell_of(id, event_kind::connection_leaked,
                   "keeps a connection for longer than "
                     + to_text(options_.leak_after));
  case connection_action::report_taken_back:
    return taken_back(id);
  case connection_action::report_lost:
    note_timeout(id);
    return tell_lost();
  case connection_action::report_restored:
    return tell_restored();
  }
}

// -- jobs ---------------------------------------------------------------------

void connection_pool_actor::start(job what, uint64_t id) {
  std::shared_ptr<void> object;
  if (what == job::close)
    object = std::move(objects_.extract(id).mapped());
  else if (what != job::open)
    object = objects_.at(id);
  run(id, what, std::move(object));
}

void connection_pool_actor::run(uint64_t task, job what,
                                std::shared_ptr<void> object) {
  auto work = [pool = address(), driver = driver_, task, what,
               object]() mutable {
    connection_job_done result{task, true, nullptr, ""};
    try {
      switch (what) {
      case job::open:
        result.object = driver->open();
        break;
      case job::validate:
        result.worked = driver->validate(object.get());
        break;
      case job::interrupt:
        driver->interrupt(object.get());
        break;
      case job::close:
      case job::stray:
        object.reset();
      }
    } catch (...) {
      result.worked = false;
      result.error = describe(std::current_exception());
    }
    object.reset();
    post(pool, nullptr, std::move(result));
  };
  object.reset();
  jobs_[task] = what;
  if (!workers_->run(task, std::move(work), now())) {
    connection_job_done none{task, false, nullptr,
                             "no thread could be started for it"};
    on_job_done(none);
  }
}

void connection_pool_actor::abandon(uint64_t id) {
  note_timeout(id);
  workers_->abandon(id);
  // Woken, its thread is not lost for long.
  if (auto object = objects_.extract(id); object && driver_->can_interrupt())
    run(++strays_, job::interrupt, std::move(object.mapped()));
}

void connection_pool_actor::close_stray(std::shared_ptr<void> object) {
  if (object)
    run(++strays_, job::stray, std::move(object));
}

void connection_pool_actor::on_job_done(connection_job_done& what) {
  auto known = jobs_.extract(what.id);
  if (!known)
    return;
  auto late = workers_->plan().is_abandoned(what.id);
  workers_->done(what.id, now());
  if (!late) {
    finish(known.mapped(), what);
    return;
  }
  close_stray(std::move(what.object));
  perform(table_.came_back(what.id, now()));
}

void connection_pool_actor::finish(job what, connection_job_done& result) {
  auto id = result.id;
  switch (what) {
  case job::open:
    if (!result.worked) {
      last_error_ = std::move(result.error);
      return perform(table_.open_failed(id, now(), chance()));
    }
    objects_[id] = std::move(result.object);
    return perform(table_.opened(id, now(), chance()));
  case job::validate:
    if (!result.worked && !result.error.empty())
      last_error_ = std::move(result.error);
    return perform(table_.validated(id, result.worked, now()));
  case job::interrupt:
    objects_.erase(id);
    if (auto back = returned_.extract(id))
      close_stray(std::move(back.mapped()));
    // Without effect after an attempt that was abandoned.
    return perform(table_.closed(id, now()));
  case job::close:
    return perform(table_.closed(id, now()));
  case job::stray:
    return;
  }
}

} // namespace bulwark::detail
