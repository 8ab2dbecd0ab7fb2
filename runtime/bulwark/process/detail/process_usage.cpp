#include <bulwark/process/detail/process_usage.hpp>

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <unistd.h>

namespace bulwark::detail {

namespace fs = std::filesystem;

namespace {

/// Of all threads, also those that have ended.
duration cpu_time() {
  timespec now{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
    return duration::zero();
  return std::chrono::seconds{now.tv_sec}
         + std::chrono::nanoseconds{now.tv_nsec};
}

double processors_of_machine() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
    return CPU_COUNT(&allowed);
  return std::max(1U, std::thread::hardware_concurrency());
}

/// "max 100000" or "50000 100000"; nothing if there is no limit.
std::optional<double> quota_of(const fs::path& group) {
  std::ifstream in{group / "cpu.max"};
  double quota = 0;
  double period = 0;
  if (in >> quota >> period && quota > 0 && period > 0)
    return quota / period;
  return std::nullopt;
}

/// "max" or a number of bytes.
std::optional<double> bytes_of(const fs::path& group) {
  std::ifstream in{group / "memory.max"};
  double bytes = 0;
  if (in >> bytes && bytes > 0)
    return bytes;
  return std::nullopt;
}

} // namespace

process_usage::process_usage(fs::path proc, fs::path cgroups)
  : proc_(std::move(proc)), cgroups_(std::move(cgroups)) {}

/// Its own group and all above; the topmost only, if that is all one sees.
std::vector<fs::path> process_usage::groups() const {
  constexpr std::string_view unified{"0::/"};
  std::vector<fs::path> result{cgroups_};
  std::ifstream in{proc_ / "self" / "cgroup"};
  for (std::string line; std::getline(in, line);) {
    if (line.compare(0, unified.size(), unified) != 0)
      continue;
    fs::path own{line.substr(unified.size())};
    // Outside of what this process sees of the tree.
    if (std::find(own.begin(), own.end(), "..") != own.end())
      continue;
    for (const auto& part : own)
      result.push_back(result.back() / part);
  }
  return result;
}

double process_usage::processors() const {
  auto result = processors_of_machine();
  for (const auto& each : groups())
    result = std::min(result, quota_of(each).value_or(result));
  return result;
}

double process_usage::memory_limit() const {
  auto result = static_cast<double>(sysconf(_SC_PHYS_PAGES))
                * static_cast<double>(sysconf(_SC_PAGESIZE));
  for (const auto& each : groups())
    result = std::min(result, bytes_of(each).value_or(result));
  return result;
}

double process_usage::cpu(time_point now) {
  auto used = cpu_time();
  auto before = std::exchange(used_, used);
  auto since = std::exchange(last_, now);
  if (since == time_point::min() || now <= since)
    return 0;
  std::chrono::duration<double> busy = used - before;
  std::chrono::duration<double> passed = now - since;
  return busy / (passed * processors());
}

double process_usage::memory() const {
  // "size resident ...", in pages.
  std::ifstream in{proc_ / "self" / "statm"};
  double size = 0;
  double resident = 0;
  if (!(in >> size >> resident))
    return 0;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / memory_limit();
}

} // namespace bulwark::detail
