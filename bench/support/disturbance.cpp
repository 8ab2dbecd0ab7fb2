#include "support/disturbance.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <numeric>
#include <string>

#include <sys/times.h>

namespace bench {

disturbance::sight disturbance::look() noexcept {
  // user nice system idle iowait irq softirq steal; what follows is counted in
  // these already.
  std::array<int64_t, 8> ticks{};
  std::ifstream in{"/proc/stat"};
  std::string word;
  in >> word;
  for (auto& each : ticks)
    in >> each;
  tms used{};
  times(&used);
  return {std::accumulate(ticks.begin(), ticks.end(), int64_t{0}),
          ticks[3] + ticks[4], used.tms_utime + used.tms_stime};
}

double disturbance::share() const {
  auto now = look();
  auto all = now.all - start_.all;
  auto others = all - (now.idle - start_.idle) - (now.own - start_.own);
  if (all <= 0)
    return 0;
  return static_cast<double>(std::max(others, int64_t{0}))
         / static_cast<double>(all);
}

} // namespace bench
