#include <bulwark/journal/detail/journal_notices.hpp>
#include <bulwark/text/duration_text.hpp>

#include <chrono>
#include <utility>

namespace bulwark::detail {

namespace {

// How often a backlog that hangs is looked for.
constexpr std::chrono::milliseconds look_gap{250};

std::string dropped_text(const journal_stats& stats) {
  return std::to_string(stats.dropped_changes) + " changes and "
         + std::to_string(stats.dropped_failures_and_recoveries)
         + " failures and recoveries were dropped since the journal was opened";
}

} // namespace

void journal_notices::run() {
  std::unique_lock guard{lock_};
  for (bool last = false; !last;) {
    changed_.wait_for(guard, look_gap, [this] {
      return stopped_ || !moved_.empty() || !notices_.empty();
    });
    last = stopped_;
    guard.unlock();
    tell_positions();
    tell_states();
    guard.lock();
  }
}

void journal_notices::stop() {
  {
    std::lock_guard guard{lock_};
    stopped_ = true;
  }
  changed_.notify_all();
}

void journal_notices::on_durable(event_store::durable_listener then) {
  std::lock_guard guard{listeners_lock_};
  on_durable_ = std::move(then);
}

void journal_notices::on_state(state_listener then) {
  std::lock_guard guard{listeners_lock_};
  on_state_ = std::move(then);
  std::lock_guard inner{lock_};
  told_state_ = journal_state::working;
}

void journal_notices::set_positions(const event_positions& all) {
  {
    std::lock_guard guard{lock_};
    auto before = std::exchange(positions_, {});
    for (const auto& known : all.all())
      positions_[{known.node, known.boot}] = known.upto;
    for (const auto& [name, upto] : before)
      if (!positions_.contains(name))
        moved_[name] = 0;
    for (const auto& [name, upto] : positions_)
      if (auto at = before.find(name); at == before.end() || at->second != upto)
        moved_[name] = upto;
  }
  changed_.notify_all();
}

void journal_notices::move(const std::vector<event_position>& moved) {
  if (moved.empty())
    return;
  {
    std::lock_guard guard{lock_};
    for (const auto& known : moved) {
      origin_name name{known.node, known.boot};
      positions_[name] = known.upto;
      moved_[std::move(name)] = known.upto;
    }
  }
  changed_.notify_all();
}

std::vector<event_position> journal_notices::positions() const {
  std::lock_guard guard{lock_};
  std::vector<event_position> result;
  for (const auto& [name, upto] : positions_)
    result.push_back({name.first, name.second, upto});
  return result;
}

void journal_notices::set_fault(std::string text) {
  std::lock_guard guard{lock_};
  fault_ = std::move(text);
}

void journal_notices::say(std::string text) {
  {
    std::lock_guard guard{lock_};
    if (notices_.size() >= notices_max)
      notices_.pop_front();
    notices_.push_back(std::move(text));
  }
  changed_.notify_all();
}

void journal_notices::tell_positions() {
  std::lock_guard guard{listeners_lock_};
  std::vector<event_position> moved;
  {
    std::lock_guard inner{lock_};
    for (const auto& [name, upto] : std::exchange(moved_, {}))
      moved.push_back({name.first, name.second, upto});
  }
  if (moved.empty() || !on_durable_)
    return;
  try {
    on_durable_(moved);
  } catch (...) {
    // A listener that fails is none of ours.
  }
}

journal_notices::told journal_notices::judge() const {
  auto stats = backlog_.stats();
  if (!fault_.empty())
    return {journal_state::failed, fault_};
  auto since = backlog_.stuck_since();
  if (since && std::chrono::steady_clock::now() - *since > behind_after)
    return {journal_state::behind,
            "nothing became durable for " + to_text(behind_after) + "; "
              + std::to_string(stats.waiting) + " events wait"};
  return {journal_state::working,
          "events become durable again; " + dropped_text(stats)};
}

std::optional<journal_notices::told> journal_notices::next_told() {
  std::lock_guard guard{lock_};
  auto now = judge();
  if (now.state != told_state_) {
    told_state_ = now.state;
    return now;
  }
  if (notices_.empty())
    return std::nullopt;
  now.text = std::move(notices_.front());
  notices_.pop_front();
  return now;
}

void journal_notices::tell_states() {
  std::lock_guard guard{listeners_lock_};
  while (on_state_) {
    auto next = next_told();
    if (!next)
      return;
    try {
      on_state_(next->state, next->text);
    } catch (...) {
      // A listener that fails is none of ours.
    }
  }
}

} // namespace bulwark::detail
