#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/text/duration_text.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

// What the thread beside CAF's does: sends heartbeats, and closes what is
// overdue or silent.

namespace bulwark::detail {

void wire::run() {
  std::unique_lock guard{lock_};
  while (!wake_.wait_for(guard, tick, [this] { return stopped_; })) {
    guard.unlock();
    auto at = std::chrono::steady_clock::now();
    practise();
    auto all = connections();
    for (const auto& each : all)
      look(each, at);
    notice(all, at);
    wake_doormen(at);
    guard.lock();
  }
}

/// Also a connection that a struck node makes anew is struck, see `met`.
void wire::practise() {
  if (!options_.faults)
    return;
  std::vector<std::pair<std::shared_ptr<connection>, wire_faults>> changed;
  {
    std::lock_guard guard{lock_};
    for (const auto& [node, name] : names_)
      if (options_.faults(name) != wire_faults{})
        struck_.insert_or_assign(node, name);
    for (const auto& [id, each] : all_)
      if (auto known = struck_.find(each->node()); known != struck_.end())
        if (auto due = options_.faults(known->second); due != each->faults())
          changed.emplace_back(each, due);
    std::erase_if(struck_, [this](const auto& each) {
      return options_.faults(each.second) == wire_faults{};
    });
  }
  for (const auto& [which, faults] : changed)
    set_faults(which, faults);
}

void wire::look(const std::shared_ptr<connection>& what, time_point at) {
  auto times = what->times();
  if (auto reason = overdue(times, limits(), at)) {
    if (!times.shaken && what->side == wire_side::accepted)
      tell_refused(*what, *reason);
    return close(what, *reason);
  }
  auto unsent =
    times.shaken
    && what->beat(options_.noticing.beat, at) != connection::state::idle;
  if (unsent || faulty_)
    post_look(what);
}

/// Returns whether somebody is told.
bool wire::tell_silence(const peer_watch::change& what, duration gone) {
  silence_hook hook;
  {
    std::lock_guard guard{lock_};
    if (names_.count(what.node) == 0)
      return false;
    hook = silence_hook_;
  }
  if (hook)
    hook(what.node, what.suspect, gone);
  return hook != nullptr;
}

/// Of two connections to a node the one that was heard later counts.
void wire::note_silences(const std::vector<std::shared_ptr<connection>>& all,
                         time_point at) {
  std::map<std::string, duration> now;
  for (const auto& each : all)
    if (auto node = each->node(); !node.empty()) {
      auto [known, fresh] = now.emplace(node, each->silence(at));
      if (!fresh)
        known->second = std::min(known->second, each->silence(at));
    }
  std::lock_guard guard{lock_};
  for (const auto& [node, silence] : now)
    if (auto name = names_.find(node); name != names_.end()) {
      auto& longest = silences_[name->second];
      longest = std::max(longest, silence);
    }
}

/// A node that is not heard any more loses all its connections: the kernel
/// keeps them for many minutes.
void wire::notice(const std::vector<std::shared_ptr<connection>>& all,
                  time_point at) {
  std::set<std::string> nodes;
  note_silences(all, at);
  for (const auto& each : all)
    if (auto node = each->node(); !node.empty()) {
      if (nodes.insert(node).second && watched_.insert(node).second)
        watch_.add(node, at);
      watch_.heard(node, at - each->silence(at));
    }
  std::erase_if(watched_, [&](const auto& each) {
    auto gone = nodes.count(each) == 0;
    if (gone)
      watch_.remove(each);
    return gone;
  });
  if (at >= beat_due_) {
    watch_.beat(at);
    beat_due_ = at + options_.noticing.beat;
  }
  for (const auto& change : watch_.look(at)) {
    auto gone = duration::max();
    for (const auto& each : all)
      if (each->node() == change.node)
        gone = std::min(gone, each->silence(at));
    if (!tell_silence(change, gone) && change.suspect)
      close_all(
        change.node,
        "nothing has come from it for "
          + to_text(std::chrono::floor<std::chrono::milliseconds>(gone)));
  }
}

void wire::wake_doormen(time_point at) {
  std::lock_guard guard{lock_};
  std::erase_if(resting_, [&](const auto& each) {
    if (each.first > at)
      return false;
    loop_.post([who = each.second] {
      if (!who->detached())
        who->add_to_loop();
    });
    return true;
  });
}

} // namespace bulwark::detail
