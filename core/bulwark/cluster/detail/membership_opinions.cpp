#include <bulwark/cluster/detail/membership.hpp>

#include <algorithm>
#include <utility>

// What others are asked about a node, and what is made of their answers.

namespace bulwark::detail {

/// Those that are heard, beginning after the one in question, so that not all
/// ask the same ones.
void membership::begin_opinion(record& of, time_point now) {
  std::vector<std::string> others;
  auto start = all_.upper_bound(of.seen.node);
  auto add = [&](auto from, auto to) {
    for (auto it = from; it != to; ++it)
      if (it->second.connected && it->second.seen.state == member_state::up
          && it->first != of.seen.node)
        others.push_back(it->first);
  };
  add(start, all_.end());
  add(all_.begin(), start);
  of.opinion.emplace(options_, std::move(others), nodes(), now);
  of.asked = false;
  of.ask_again.reset();
}

membership::changes membership::doubt(record& of, const std::string& reason,
                                      time_point now) {
  begin_opinion(of, now);
  if (of.opinion->verdict(now) == silence_verdict::lost) {
    of.seen.reason = reason;
    return judge(of, now);
  }
  changes result{move(of, member_state::suspect, reason, now)};
  auto more = judge(of, now);
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

membership::changes membership::judge(record& of, time_point now) {
  if (!of.opinion)
    return {};
  auto verdict = of.opinion->verdict(now);
  if (!verdict)
    return {};
  of.opinion.reset();
  auto before = of.seen.state;
  auto lost = *verdict == silence_verdict::lost;
  if (!lost) {
    of.ask_again = now + of.pause;
    of.pause = std::min<duration>(2 * of.pause, ask_again_max);
    if (before == member_state::unreachable)
      return {};
  }
  auto result = move(of, member_state::unreachable, of.seen.reason, now);
  result.lost = of.seen.lost = lost;
  result.close = of.connected;
  return {result};
}

std::vector<membership::question> membership::take_questions() {
  std::vector<question> result;
  for (auto& [node, each] : all_)
    if (each.opinion && !std::exchange(each.asked, true))
      for (const auto& whom : each.opinion->asked())
        result.push_back({whom, node});
  return result;
}

membership::changes membership::answered(const question& what, bool reaches,
                                         time_point now) {
  auto it = all_.find(what.about);
  if (it == all_.end() || !it->second.opinion)
    return {};
  it->second.opinion->answer(what.whom, reaches);
  return judge(it->second, now);
}

bool membership::reaches(const std::string& node) const {
  auto it = all_.find(node);
  return it != all_.end() && it->second.connected
         && (it->second.seen.state == member_state::up
             || it->second.seen.state == member_state::leaving);
}

} // namespace bulwark::detail
