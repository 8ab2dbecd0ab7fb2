#include <bulwark/cluster/detail/expiry_steps.hpp>

#include <array>
#include <chrono>

namespace bulwark::detail {

namespace {

constexpr std::array expiry_table{expiry_steps::step{30, severity::low},
                                  expiry_steps::step{7, severity::medium},
                                  expiry_steps::step{1, severity::high},
                                  expiry_steps::step{0, severity::high}};

} // namespace

std::optional<expiry_steps::step> expiry_steps::look(wall_time end,
                                                     wall_time now) {
  if (end != end_) {
    end_ = end;
    told_ = 0;
  }
  size_t reached = 0;
  for (const auto& each : expiry_table)
    if (now >= end - std::chrono::hours{24} * each.days)
      ++reached;
  if (reached <= told_)
    return std::nullopt;
  told_ = reached;
  return expiry_table[reached - 1];
}

} // namespace bulwark::detail
