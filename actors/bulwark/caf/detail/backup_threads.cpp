#include <bulwark/caf/detail/backup_threads.hpp>
#include <bulwark/caf/detail/mailless_actor.hpp>

#include <caf/actor_cast.hpp>
#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/atom.hpp>
#include <caf/detail/set_thread_name.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <iterator>
#include <utility>

namespace bulwark::detail {

namespace {

// An actor system tells nobody that it ends. But once its registered actors
// have ended, and before it stops its scheduler, it erases these two names
// from its registry, in this order. CAF 0.17 puts nothing under the second
// one: what we put there is released at that moment.
const auto first_erased = caf::atom("SpawnServ");
const auto erased_at_end = caf::atom("StreamServ");

/// Stops the threads when the registry releases it. Peers can find it by its
/// name; it takes no messages, and has ended before: CAF keeps nobody for them
/// who has.
class stop_at_end final : public mailless_actor<stop_at_end> {
public:
  stop_at_end(caf::actor_config& config,
              std::shared_ptr<backup_threads> threads)
    : mailless_actor(config), threads_(std::move(threads)) {}

  ~stop_at_end() override { threads_->stop(); }

  stop_at_end(const stop_at_end&) = delete;
  stop_at_end& operator=(const stop_at_end&) = delete;

  const char* name() const override { return "bulwark.stop_at_end"; }

  void accept(element_ptr, run_context) noexcept {}

  const std::shared_ptr<backup_threads>& threads() const { return threads_; }

private:
  std::shared_ptr<backup_threads> threads_;
};

std::shared_ptr<backup_threads> find(caf::actor_system& sys) {
  auto found = sys.registry().get(erased_at_end);
  auto* holder = found ? dynamic_cast<stop_at_end*>(found->get()) : nullptr;
  return holder != nullptr ? holder->threads() : nullptr;
}

system_job& job_of(const caf::strong_actor_ptr& who) {
  return *static_cast<system_job*>(who->get());
}

} // namespace

std::shared_ptr<backup_threads> backup_threads::of(caf::actor_system& sys) {
  if (auto found = find(sys))
    return found;
  using test_coordinator = caf::scheduler::test_coordinator;
  if (dynamic_cast<test_coordinator*>(&sys.scheduler()) != nullptr
      || !sys.registry().get(first_erased))
    return nullptr;
  static std::mutex one_by_one;
  std::lock_guard guard{one_by_one};
  if (auto found = find(sys))
    return found;
  auto made = std::make_shared<backup_threads>(sys);
  auto holder = make_mailless<stop_at_end>(sys, made);
  end_mailless<stop_at_end>(holder, nullptr);
  made->start();
  sys.registry().put(erased_at_end, holder);
  return made;
}

backup_threads::backup_threads(caf::actor_system& sys)
  : system_(sys), units_{unit{&sys}, unit{&sys}} {}

void backup_threads::start() {
  for (size_t i = 0; i < threads_.size(); ++i)
    threads_[i] = std::thread{[me = shared_from_this(), i] {
      caf::detail::set_thread_name("bulwark.backup");
      me->system_.thread_started();
      me->loop(me->units_[i]);
      me->system_.thread_terminates();
    }};
}

void backup_threads::stop() noexcept {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) {
    if (thread.get_id() == std::this_thread::get_id())
      thread.detach();
    else if (thread.joinable())
      thread.join();
  }
  line left;
  {
    std::lock_guard guard{mutex_};
    left.push(ready_);
  }
  while (auto* who = left.pop())
    who->schedule(nullptr);
}

bool backup_threads::take_own(system_job& who,
                              const caf::execution_unit* eu) noexcept {
  if (eu != &units_[0] && eu != &units_[1])
    return false;
  {
    std::lock_guard guard{mutex_};
    if (stopping_)
      return false;
    ready_.push(who);
  }
  changed_.notify_one();
  return true;
}

void backup_threads::watch(system_job& who) noexcept {
  try {
    std::lock_guard guard{mutex_};
    if (!stopping_)
      watched_.emplace_back(who.ctrl());
  } catch (...) {
    who.claim_.not_watched();
  }
}

void backup_threads::loop(unit& mine) {
  lock held{mutex_};
  while (!stopping_) {
    if (!looking_ && clock::now() >= next_look_) {
      look(held);
    } else if (!ready_.empty()) {
      run_next(held, mine);
    } else if (!looking_ && !sleeping_) {
      sleeping_ = true;
      changed_.wait_until(held, next_look_);
      sleeping_ = false;
    } else {
      changed_.wait(held);
    }
  }
}

void backup_threads::look(lock& held) {
  next_look_ = clock::now() + patience;
  try {
    seen_.insert(seen_.end(), std::move_iterator{watched_.begin()},
                 std::move_iterator{watched_.end()});
  } catch (...) {
    return; // Out of memory: they are seen the next time.
  }
  watched_.clear();
  looking_ = true;
  held.unlock();
  auto found = take_overdue();
  held.lock();
  looking_ = false;
  ready_.push(found);
  if (seen_.empty() && watched_.empty() && ready_.empty())
    next_look_ = clock::now() + idle_pace;
}

/// Without the lock: an actor that is released here may end, and what it owned
/// may send messages.
backup_threads::line backup_threads::take_overdue() {
  line result;
  std::erase_if(seen_, [&](const caf::weak_actor_ptr& each) {
    auto who = caf::actor_cast<caf::strong_actor_ptr>(each);
    if (!who)
      return true;
    auto sight = job_of(who).claim_.look();
    if (sight == run_claim::sight::taken) {
      result.push(job_of(who));
      who.detach();
    }
    return sight != run_claim::sight::fresh;
  });
  return result;
}

void backup_threads::run_next(lock& held, unit& mine) {
  auto* who = ready_.pop();
  // Whoever is left looks after the others meanwhile.
  changed_.notify_one();
  held.unlock();
  auto result = who->caf::event_based_actor::resume(
    &mine, system_.scheduler().max_throughput());
  auto again = result == caf::resumable::resume_later;
  if (!again)
    who->intrusive_ptr_release_impl();
  held.lock();
  if (again)
    ready_.push(*who);
}

void backup_threads::unit::exec_later(caf::resumable* who) {
  system().scheduler().enqueue(who);
}

void backup_threads::line::push(system_job& who) noexcept {
  who.next_ = nullptr;
  (first_ == nullptr ? first_ : last_->next_) = &who;
  last_ = &who;
}

void backup_threads::line::push(line& others) noexcept {
  while (auto* who = others.pop())
    push(*who);
}

system_job* backup_threads::line::pop() noexcept {
  auto* result = first_;
  if (result != nullptr)
    first_ = std::exchange(result->next_, nullptr);
  return result;
}

} // namespace bulwark::detail
