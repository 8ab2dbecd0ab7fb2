#include <bulwark/replication/member_answers.hpp>

namespace bulwark::detail {

std::string to_string(offer_verdict verdict) {
  switch (verdict) {
  case offer_verdict::append:
    return "append";
  case offer_verdict::replace:
    return "replace";
  case offer_verdict::have:
    return "have";
  case offer_verdict::gap:
    return "gap";
  case offer_verdict::diverged:
    return "diverged";
  case offer_verdict::too_old:
    return "too_old";
  case offer_verdict::fenced:
    return "fenced";
  case offer_verdict::contradiction:
    return "contradiction";
  }
  return "offer_verdict(" + std::to_string(static_cast<int>(verdict)) + ")";
}

} // namespace bulwark::detail
