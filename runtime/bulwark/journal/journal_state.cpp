#include <bulwark/journal/journal_state.hpp>

namespace bulwark {

std::string to_string(journal_state state) {
  switch (state) {
  case journal_state::working:
    return "working";
  case journal_state::behind:
    return "behind";
  case journal_state::failed:
    return "failed";
  }
  return "journal_state(" + std::to_string(static_cast<int>(state)) + ")";
}

} // namespace bulwark
