#include "core/supervision/world.hpp"

#include <utility>

namespace test {

using namespace bulwark;

namespace {

constexpr double middle = 0.5;

std::string word_of(supervision_end why) {
  switch (why) {
  case supervision_end::stopped:
    return "stopped";
  case supervision_end::limit:
    return "limit";
  case supervision_end::escalated:
    return "escalated";
  case supervision_end::start_failed:
    return "start_failed";
  case supervision_end::significant:
    return "significant";
  }
  return "?";
}

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};

template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

} // namespace

world::world(supervisor_policy policy) : book_(policy) {}

void world::add(const std::string& name, child_policy policy) {
  auto key = book_.add(policy);
  keys_[name] = key;
  names_[key] = name;
}

void world::start_all() {
  perform(book_.start_all());
}

void world::end(const std::string& name, child_end how) {
  perform(book_.on_ended(key(name), incarnation(name), how, now_, middle));
}

void world::up(const std::string& name) {
  perform(book_.on_up(key(name), incarnation(name), now_));
}

void world::advance(duration time) {
  auto end = now_ + time;
  while (!timers_.empty() && timers_.begin()->first <= end) {
    now_ = timers_.begin()->first;
    auto timer = timers_.begin()->second;
    timers_.erase(timers_.begin());
    perform(book_.on_timer(timer, now_, middle));
  }
  now_ = end;
}

void world::perform(supervision_steps steps) {
  for (auto& each : steps)
    queue_.push_back(std::move(each));
  if (std::exchange(performing_, true))
    return;
  while (!queue_.empty()) {
    auto step = std::move(queue_.front());
    queue_.pop_front();
    perform_one(step);
  }
  performing_ = false;
}

void world::perform_one(const supervision_step& step) {
  std::visit(
    overloaded{
      [&](const start_child_step& x) { started(x.key, x.incarnation); },
      [&](const stop_child_step& x) {
        note("stop", x.key);
        if (stubborn_.count(names_[x.key]) == 0)
          told_to_end(x.key, exit_class::shutdown);
      },
      [&](const kill_child_step& x) {
        note("kill", x.key);
        told_to_end(x.key, exit_class::killed);
      },
      [&](const wait_step& x) { timers_.emplace(now_ + x.delay, x.timer); },
      [&](const complete_step&) { complete_ = true; },
      [&](const up_step& x) { note("up", x.key); },
      [&](const failed_step& x) { note("failed", x.key); },
      [&](const gave_up_step& x) { note("gave_up", x.key); },
      [&](const stopped_step& x) {
        note(x.ignored ? "ignored" : x.removed ? "removed" : "stopped", x.key);
        if (x.otherwise)
          note("otherwise", x.key);
      },
      [&](const paused_step& x) {
        note("paused", x.key);
        if (x.otherwise)
          note("otherwise", x.key);
      },
      [&](const abandoned_step& x) { note("abandoned", x.key); },
      [&](const group_step& x) { note("group", x.cause); },
      [&](const look_step&) { perform(book_.on_looked(look(), now_)); },
      [&](const suspect_step& x) { note("suspect", x.key); },
      [&](const failing_step& x) {
        history_.emplace_back("failing", word_of(x.why));
      },
      [&](const finish_step& x) {
        history_.emplace_back("finish", word_of(x.why));
        over_ = true;
      },
    },
    step);
}

void world::started(child_key key, uint64_t incarnation) {
  note("start", key);
  auto& name = names_[key];
  auto fails = failing_.find(name);
  if (auto& times = ignoring_[name]; times > 0) {
    --times;
    perform(book_.on_ignored(key, incarnation, now_));
  } else if (fails != failing_.end() && fails->second > 0) {
    --fails->second;
    perform(book_.on_ended(key, incarnation, {}, now_, middle));
  } else if (slow_.count(name) == 0) {
    perform(book_.on_up(key, incarnation, now_));
  }
}

void world::told_to_end(child_key key, exit_class how) {
  auto& name = names_[key];
  if (immortal_.count(name) == 0)
    perform(book_.on_ended(key, incarnation(name), {how}, now_, middle));
}

std::vector<child_progress> world::look() const {
  std::vector<child_progress> result;
  for (const auto& [name, progress_counter] : counters_)
    result.push_back({key(name), incarnation(name), progress_counter});
  return result;
}

void world::note(const std::string& word, child_key key) {
  history_.emplace_back(word, names_[key]);
}

std::string world::take() {
  std::string result;
  for (const auto& [word, name] : std::exchange(history_, {}))
    result += (result.empty() ? "" : ", ") + word + " " + name;
  return result;
}

std::string world::take(const std::set<std::string>& words) {
  std::string result;
  for (const auto& [word, name] : std::exchange(history_, {}))
    if (words.count(word) != 0)
      result += (result.empty() ? "" : ", ") + word + " " + name;
  return result;
}

child_state world::state(const std::string& name) const {
  return book_.find(key(name))->state;
}

uint64_t world::incarnation(const std::string& name) const {
  const auto* who = book_.find(key(name));
  return who != nullptr ? who->restarts.incarnation() : 0;
}

} // namespace test
