#include <bulwark/cluster/cluster_member.hpp>

namespace bulwark {

std::string to_string(member_state state) {
  switch (state) {
  case member_state::joining:
    return "joining";
  case member_state::up:
    return "up";
  case member_state::suspect:
    return "suspect";
  case member_state::unreachable:
    return "unreachable";
  case member_state::leaving:
    return "leaving";
  case member_state::left:
    return "left";
  case member_state::forgotten:
    return "forgotten";
  }
  return "member_state(" + std::to_string(static_cast<int>(state)) + ")";
}

} // namespace bulwark
