#include <bulwark/gate/gate_options.hpp>
#include <bulwark/node/detail/resource_figures.hpp>

#include <algorithm>
#include <system_error>

namespace bulwark::detail {

namespace {

template <class Number>
double percent_of(Number used, Number most) {
  return most > 0 ? 100 * static_cast<double>(used) / static_cast<double>(most)
                  : 0;
}

} // namespace

std::vector<resource_sample> resource_figures::read() const {
  std::vector<resource_sample> result;
  // The node's own come first, because there is room for so many subjects.
  result.push_back({"node/" + from_.node + "/memory", 100 * usage_.memory(),
                    "find what grows, or restart the node while others serve; "
                    "raise its limit of memory"});
  add_disk(result);
  result.push_back({"/dead_letters", from_.dead_letters_percent(),
                    "send them again or discard them: at their bound the "
                    "oldest are forgotten"});
  for (const auto& each : from_.bulkheads())
    result.push_back({"bulkhead/" + each.name,
                      percent_of(each.current_usage, each.max_capacity),
                      "find what holds its permits for longer than before, "
                      "or resize it"});
  for (const auto& each : from_.services()) {
    auto known = from_.stashes.find(each.service);
    auto most = known == from_.stashes.end() ? gate_options{}.stash_messages
                                             : known->second;
    result.push_back({"/root/" + each.service + "/stash",
                      percent_of(each.waiting, most),
                      "bring its replicas up, or have clients send less"});
  }
  return result;
}

void resource_figures::add_disk(std::vector<resource_sample>& to) const {
  if (from_.journal.empty())
    return;
  std::error_code failed;
  auto disk = std::filesystem::space(from_.journal, failed);
  if (failed || disk.capacity == 0 || disk.available > disk.capacity)
    return;
  to.push_back({"node/" + from_.node + "/disk",
                percent_of(disk.capacity - disk.available, disk.capacity),
                "make room on the disk of " + from_.journal.string()});
}

} // namespace bulwark::detail
