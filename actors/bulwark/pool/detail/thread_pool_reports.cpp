#include <bulwark/caf/caf_error.hpp>
#include <bulwark/pool/detail/thread_pool_actor.hpp>
#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

caf::error thread_pool_actor::refused(errc why, const entry& who) const {
  return refusal(why, "thread",
                 std::to_string(permits_->core().use()) + " of "
                   + std::to_string(permits_->core().capacity()) + " are busy",
                 who.wait);
}

caf::error thread_pool_actor::abandoned(const std::string& why) const {
  return make_error(errc::task_abandoned, title() + ": " + why);
}

void thread_pool_actor::tell_of(const entry& whose, event_kind kind,
                                std::string reason) const {
  event what;
  what.kind = kind;
  what.reason = std::move(reason);
  what.with("consumer", whose.consumer)
    .with("running", to_text(now() - whose.since))
    .with("abandoned", std::to_string(workers_->plan().abandoned()));
  permits_->core().emit(std::move(what));
}

void thread_pool_actor::to_dead_letter(entry whose,
                                       const caf::error& why) const {
  event what;
  what.kind = event_kind::dead_letter;
  what.reason = describe(why);
  what.with("consumer", whose.consumer);
  whose.letter.reason = what.reason;
  if (auto letter = settings_.letters.put(std::move(whose.letter)))
    what.with("letter", std::to_string(letter));
  permits_->core().emit(std::move(what));
}

thread_counts thread_pool_actor::counts() const {
  auto result = totals_;
  result.running = static_cast<size_t>(
    std::count_if(tasks_.begin(), tasks_.end(),
                  [](auto& each) { return each.second.running; }));
  result.waiting = tasks_.size() - result.running;
  result.busy = workers_->plan().busy();
  result.idle = workers_->plan().idle();
  result.abandoned = workers_->plan().abandoned();
  return result;
}

} // namespace bulwark::detail
