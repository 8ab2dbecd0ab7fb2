#include <bulwark/cluster/detail/second_opinion.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

second_opinion::second_opinion(const noticing_options& options,
                               std::vector<std::string> others, time_point now)
  : asked_(std::move(others)), due_(now + options.opinion_time) {
  // This node and the suspect one count as well.
  if (asked_.size() + 2 < options.opinion_nodes)
    asked_.clear();
  if (asked_.size() > options.others_asked)
    asked_.resize(options.others_asked);
  open_ = asked_;
}

void second_opinion::answer(const std::string& from, bool reaches) {
  if (std::erase(open_, from) > 0)
    reached_ = reached_ || reaches;
}

std::optional<silence_verdict> second_opinion::verdict(time_point now) const {
  if (reached_)
    return silence_verdict::unreachable;
  if (open_.empty() || now >= due_)
    return silence_verdict::lost;
  return std::nullopt;
}

} // namespace bulwark::detail
