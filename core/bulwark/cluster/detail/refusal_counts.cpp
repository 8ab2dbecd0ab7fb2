#include <bulwark/cluster/detail/refusal_counts.hpp>

#include <utility>

namespace bulwark::detail {

std::optional<uint64_t> refusal_counts::refused(const std::string& source,
                                                time_point now) {
  if (sources_.count(source) == 0 && sources_.size() >= sources_max)
    forget_old(now);
  auto full = sources_.count(source) == 0 && sources_.size() >= sources_max;
  // No address is empty.
  auto [at, fresh] = sources_.try_emplace(full ? std::string{} : source);
  ++at->second.untold;
  if (!fresh && now - at->second.told < every)
    return std::nullopt;
  at->second.told = now;
  return std::exchange(at->second.untold, 0);
}

void refusal_counts::forget_old(time_point now) {
  std::erase_if(sources_, [&](const auto& each) {
    return each.second.untold == 0 && now - each.second.told >= every;
  });
}

} // namespace bulwark::detail
