#include "simulation/history.hpp"

#include <utility>

namespace test::sim {

history::history(const plan& where, const std::string& only)
  : where_(where), world_(where) {
  for (auto& each : all_checkers()) {
    if (!only.empty() && only != each.name)
      continue;
    checkers_.push_back(each.make(world_));
    checkers_.back()->report_to([this, name = each.name](auto& how) {
      if (!broken_)
        broken_ = violation{name, how, entries_.size()};
    });
  }
  entries_.reserve(1000);
}

void history::use(clock now) {
  now_ = std::move(now);
  start_ = now_();
}

void history::add(entry what) {
  what.at = now_();
  if (!entries_.empty() && entries_.back().at != what.at)
    end_instant();
  entries_.push_back(std::move(what));
  if (broken_)
    return;
  auto& latest = entries_.back();
  world_.on(latest);
  met_.count(latest, where_);
  for (auto& each : checkers_)
    each->on(latest);
}

void history::end_instant() {
  if (broken_)
    return;
  for (auto& each : checkers_)
    each->after_instant(entries_.back().at);
}

std::string history::text(size_t first, size_t end) const {
  std::string result;
  for (auto i = first; i < end; ++i)
    result += to_text(entries_[i], where_, start_) + '\n';
  return result;
}

} // namespace test::sim
