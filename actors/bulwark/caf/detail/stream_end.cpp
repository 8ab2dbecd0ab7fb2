#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/caf/detail/stream_end.hpp>

#include <caf/actor_addr.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/stream_manager.hpp>
#include <caf/system_messages.hpp>
#include <caf/type_erased_tuple.hpp>
#include <caf/upstream_msg.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace bulwark::detail {

namespace {

/// Streams that are opened while others end are ended too, so many times.
constexpr int rounds_max = 8;

/// CAF tells the sources of a stream after it has called the function at its
/// end, which may throw.
std::string end_stream(caf::scheduled_actor& self, caf::stream_manager& which,
                       const caf::error& reason) {
  try {
    which.stop(reason);
    return {};
  } catch (...) {
    auto thrown = std::current_exception();
    self.erase_inbound_paths_later(&which, reason);
    return describe(thrown);
  }
}

} // namespace

void refuse_stream(const caf::type_erased_tuple& content,
                   const caf::actor_addr& refuser, run_context on) {
  if (!content.match_elements<caf::open_stream_msg>())
    return;
  const auto& opened = content.get_as<caf::open_stream_msg>(0);
  if (!opened.prev_stage)
    return;
  caf::stream_slots path{opened.slot, 0};
  post(opened.prev_stage, on,
       caf::make<caf::upstream_msg::forced_drop>(
         path.invert(), refuser,
         make_error(errc::not_supported, "takes no streams")));
}

bool has_streams(caf::scheduled_actor& self) noexcept {
  return !self.stream_managers().empty()
         || !self.pending_stream_managers().empty();
}

std::string end_streams(caf::scheduled_actor& self, const caf::error& reason) {
  std::string thrown;
  for (int i = 0; i < rounds_max && has_streams(self); ++i) {
    std::vector<caf::stream_manager_ptr> ending;
    for (auto* all : {&self.stream_managers(), &self.pending_stream_managers()})
      for (auto& [slot, each] : std::exchange(*all, {}))
        ending.push_back(each);
    for (auto& each : ending)
      if (auto text = end_stream(self, *each, reason); thrown.empty())
        thrown = std::move(text);
  }
  self.stream_managers().clear();
  self.pending_stream_managers().clear();
  return thrown;
}

} // namespace bulwark::detail
