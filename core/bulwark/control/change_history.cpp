#include <bulwark/control/change_history.hpp>

#include <algorithm>
#include <utility>

namespace bulwark {

namespace {

/// What the end of a change's time is called.
constexpr const char* ended_in_time = "end";

bool touches(const change& what, const std::string& field) {
  return std::any_of(
    what.fields.begin(), what.fields.end(),
    [&](const field_change& each) { return each.field == field; });
}

} // namespace

std::string to_string(change_state state) {
  switch (state) {
  case change_state::going_on:
    return "going_on";
  case change_state::applied:
    return "applied";
  case change_state::failed:
    return "failed";
  case change_state::undone:
    return "undone";
  case change_state::expired:
    return "expired";
  case change_state::replaced:
    return "replaced";
  }
  return "change_state(" + std::to_string(static_cast<int>(state)) + ")";
}

template <class Entries>
auto* change_history::find_in(Entries& entries, uint64_t id) {
  auto found = std::find_if(entries.begin(), entries.end(),
                            [id](const entry& x) { return x.it.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

const change_history::entry* change_history::find(uint64_t id) const {
  return find_in(entries_, id);
}

change_history::entry* change_history::find(uint64_t id) {
  return find_in(entries_, id);
}

std::optional<std::string>
change_history::clash_with(const change& what) const {
  size_t going_on = 0;
  size_t limited = 0;
  for (const auto& each : entries_) {
    limited += each.due.has_value();
    if (each.it.state != change_state::going_on)
      continue;
    ++going_on;
    limited += each.it.lasts.has_value();
    if (what.fields.empty() && each.it.what == what.what)
      return "change " + std::to_string(each.it.id) + ", " + what.what
             + ", goes on; try again when it is done";
    for (const auto& field : what.fields)
      if (touches(each.it, field.field))
        return "change " + std::to_string(each.it.id) + " of " + field.field
               + " goes on; try again when it is done";
  }
  if (going_on >= going_on_max)
    return std::to_string(going_on)
           + " changes go on; there must be fewer than "
           + std::to_string(going_on_max);
  if (what.lasts && limited >= limited_max)
    return std::to_string(limited)
           + " changes have a time to end; there must be fewer than "
           + std::to_string(limited_max);
  return std::nullopt;
}

std::variant<uint64_t, std::string> change_history::begin(change what,
                                                          wall_time at) {
  if (auto clash = clash_with(what))
    return *clash;
  what.id = ++last_;
  what.at = at;
  what.state = change_state::going_on;
  entries_.push_back({std::move(what)});
  forget_oldest();
  return last_;
}

std::optional<change> change_history::applied(uint64_t id, time_point now,
                                              wall_time at) {
  auto* done = find(id);
  if (done == nullptr)
    return std::nullopt;
  done->it.state = change_state::applied;
  for (const auto& each : done->it.fields)
    done->back.push_back({each.field, each.to, each.from});
  if (auto* undone = find(done->it.undoes)) {
    undone->it.state = done->it.what == ended_in_time ? change_state::expired
                                                      : change_state::undone;
    undone->it.words.clear();
    undone->due.reset();
  }
  take_over(*done);
  if (done->it.lasts) {
    done->due = now + *done->it.lasts;
    done->it.until =
      at + std::chrono::duration_cast<wall_time::duration>(*done->it.lasts);
  }
  return done->it;
}

/// Of a field with a time to end the later change is the last word.
void change_history::take_over(entry& later) {
  for (auto& each : entries_) {
    if (!each.due || &each == &later)
      continue;
    for (auto& field : later.back) {
      auto mine = [&](const field_change& x) { return x.field == field.field; };
      auto found = std::find_if(each.back.begin(), each.back.end(), mine);
      if (found == each.back.end())
        continue;
      field.to = found->to;
      each.back.erase(found);
    }
    if (!each.back.empty())
      continue;
    each.due.reset();
    each.it.state = change_state::replaced;
  }
}

void change_history::failed(uint64_t id, std::string why, time_point now) {
  auto* ended = find(id);
  if (ended == nullptr)
    return;
  ended->it.state = change_state::failed;
  if (auto* stays = find(ended->it.undoes); stays && stays->due) {
    stays->it.words = why;
    if (*stays->due <= now)
      stays->due = now + retry_after;
  }
  ended->it.words = std::move(why);
}

std::string change_history::refusal_to_undo(const entry* of,
                                            uint64_t id) const {
  auto name = "change " + std::to_string(id);
  if (of == nullptr)
    return "there is no " + name
           + "; bulwark history lists those that are "
             "known";
  if (of->it.fields.empty())
    return name + ", " + of->it.what + ", cannot be taken back";
  if (of->it.state != change_state::applied)
    return name + " is " + to_string(of->it.state) + "; it must be applied";
  return "";
}

change change_history::ending_of(const entry& of) {
  change result;
  result.what = ended_in_time;
  result.undoes = of.it.id;
  result.fields = of.back;
  return result;
}

std::optional<time_point> change_history::next_due() const {
  std::optional<time_point> result;
  for (const auto& each : entries_)
    if (each.due && (!result || *each.due < *result))
      result = each.due;
  return result;
}

std::vector<change> change_history::all() const {
  std::vector<change> result;
  for (const auto& each : entries_)
    result.push_back(each.it);
  return result;
}

void change_history::forget_oldest() {
  auto over = [](const entry& x) {
    return !x.due && x.it.state != change_state::going_on;
  };
  while (entries_.size() > kept_max) {
    auto oldest = std::find_if(entries_.begin(), entries_.end(), over);
    if (oldest == entries_.end())
      return;
    entries_.erase(oldest);
  }
}

} // namespace bulwark
