#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/text/detail/option_checks.hpp>

namespace bulwark {

using namespace option_checks;

namespace {

constexpr uint64_t group_members_max = 64;

} // namespace

std::string to_string(fail_back policy) {
  switch (policy) {
  case fail_back::stay:
    return "stay";
  case fail_back::preferred:
    return "preferred";
  }
  return "fail_back(" + std::to_string(static_cast<int>(policy)) + ")";
}

std::optional<std::string> validate(const group_options& o, size_t active,
                                    size_t standby) {
  return first_of(within("active", uint64_t{active}, 1, group_members_max),
                  within("active + standby", uint64_t{active + standby}, 1,
                         group_members_max),
                  within("min_healthy", uint64_t{o.min_healthy}, 1, active),
                  not_negative("group.fail_back_after", o.fail_back_after),
                  not_negative("group.reset_after", o.reset_after));
}

} // namespace bulwark
