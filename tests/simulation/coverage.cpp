#include "simulation/coverage.hpp"

namespace test::sim {

namespace {

/// What 2,000 seeds must meet, and how often at least.
struct demand {
  const char* what;
  size_t least;
};

constexpr demand demands[] = {
  {"strategy one_for_one", 1000},   {"strategy one_for_all", 500},
  {"strategy rest_for_one", 500},   {"strategy simple_one_for_one", 200},
  {"restarts permanent", 1000},     {"restarts transient", 500},
  {"restarts temporary", 200},      {"shutdown any_significant", 50},
  {"shutdown all_significant", 50},
};

} // namespace

void coverage::count(const plan& what) {
  for (auto& each : what.nodes) {
    if (each.supervisor) {
      ++counts_["strategy " + bulwark::to_string(each.strategy)];
      ++counts_["shutdown " + bulwark::to_string(each.on_significant)];
    }
    if (each.parent != none)
      ++counts_["restarts " + bulwark::to_string(each.restart.type)];
  }
}

void coverage::count(const entry& what, const plan& where) {
  switch (what.what) {
  case fact::acted:
    if (what.cause == nullptr)
      return;
    ++counts_["act " + to_string(what.cause->what)];
    for (auto& each : what.cause->works)
      ++counts_["work " + to_string(each.kind)];
    return;
  case fact::ended:
    ++counts_[(where.nodes[what.node].supervisor ? "end of supervisor "
                                                 : "end of worker ")
              + bulwark::to_string(what.how)];
    return;
  case fact::answered:
    ++counts_["answer "
              + (!what.refused                  ? "value"
                 : what.code == bulwark::errc{} ? "of the service"
                                                : to_string(what.code))];
    return;
  case fact::obeyed:
    ++counts_["order " + to_string(what.cause->what)
              + (what.refused ? " refused" : " obeyed")];
    return;
  case fact::changed:
    ++counts_["state " + to_string(what.state)];
    return;
  case fact::event:
    ++counts_["event " + bulwark::to_string(what.event->kind)];
    if (what.event->kind == bulwark::event_kind::child_failed)
      ++counts_["failure " + bulwark::to_string(what.event->failure)];
    return;
  default:
    ++counts_["fact " + to_string(what.what)];
  }
}

void coverage::add(const coverage& other) {
  for (auto& [what, times] : other.counts_)
    counts_[what] += times;
}

std::string coverage::gaps(size_t seeds) const {
  std::string result;
  for (auto& [what, least] : demands) {
    auto it = counts_.find(what);
    auto times = it == counts_.end() ? 0 : it->second;
    auto wanted = least * seeds / 2000;
    if (times < wanted)
      result += std::string{what} + ": met " + std::to_string(times)
                + " times; it must be at least " + std::to_string(wanted)
                + '\n';
  }
  return result;
}

std::string coverage::text() const {
  std::string result;
  for (auto& [what, times] : counts_)
    result += what + ' ' + std::to_string(times) + '\n';
  return result;
}

} // namespace test::sim
