#include <bulwark/caf/detail/system_message.hpp>
#include <bulwark/caf/detail/take_in_hand.hpp>
#include <bulwark/chaos/detail/fault_port.hpp>
#include <bulwark/chaos/detail/flood_actor.hpp>
#include <bulwark/gate/detail/gate_core.hpp>
#include <bulwark/replica/detail/replica_lifecycle.hpp>

#include <caf/scheduled_actor.hpp>
#include <caf/sec.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

// What faults do to a replica.

namespace bulwark::detail {

namespace {

std::string words_of(const fault_strike& by) {
  return to_string(by.what.kind) + " by experiment " + by.id;
}

/// The time for which a request of a flood keeps its replica; nothing: it is
/// none.
std::optional<duration> flood_time(const element& what) {
  const auto& content = content_of(what);
  if (content.size() != 1 || first_type(content) == nullptr
      || *first_type(content) != typeid(flood_request))
    return std::nullopt;
  return std::chrono::microseconds{content.get_as<flood_request>(0).keep_us};
}

} // namespace

bool replica_lifecycle::struck(caf::scheduled_actor& self, element& what) {
  auto given_up = [this] { return killed(); };
  if (auto keep = flood_time(what)) {
    faults_->keep(*keep, given_up);
    take_in_hand(self, what);
    if (is_request(what))
      self.make_response_promise().deliver(caf::unit);
    return true;
  }
  if (!faults_->armed() || !core_ || !core_->tracks(what))
    return false;
  auto by = faults_->strike(hand_.index());
  if (!by)
    return false;
  switch (by->what.kind) {
  case fault_kind::crash:
    take_in_hand(self, what);
    throw std::runtime_error{words_of(*by)};
  case fault_kind::error:
    if (!is_request(what))
      return false;
    take_in_hand(self, what);
    answer_current(self,
                   caf::make_error(caf::sec::runtime_error, words_of(*by)));
    return true;
  default:
    faults_->hold(*by, given_up);
    return false;
  }
}

} // namespace bulwark::detail
