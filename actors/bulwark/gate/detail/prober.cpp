#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/gate/detail/prober.hpp>
#include <bulwark/gate/health_probe.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

/// To itself.
struct probe_all {};

} // namespace

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::probe_all)

namespace bulwark::detail {

prober::prober(caf::actor_config& config, const std::string& service,
               emitter events, const probe_options& options,
               std::shared_ptr<gate_core> of)
  : system_actor(config, "/probes/" + service, std::move(events)),
    options_(options),
    core_(std::move(of)) {}

caf::behavior prober::make_behavior() {
  delayed_send(this, options_.every, probe_all{});
  return {
    [this](const probe_target& what) { note(what); },
    [this](probe_all) {
      delayed_send(this, options_.every, probe_all{});
      ask_all();
    },
    [this](stop_actor) {
      // Its timer may keep it for a while, but not what it holds.
      targets_.clear();
      core_.reset();
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

/// News of different incarnations may come in any order.
void prober::note(const probe_target& what) {
  auto& known = targets_[what.index];
  if (what.incarnation < known.incarnation)
    return;
  known = {what.incarnation, caf::actor_cast<caf::actor>(what.handle)};
}

void prober::ask_all() {
  for (const auto& [index, it] : targets_) {
    if (!it.handle)
      continue;
    auto answered = [this, i = index, n = it.incarnation](
                      const caf::error& why) { tell(i, n, why); };
    request<caf::message_priority::high>(it.handle, options_.timeout,
                                         health_probe{})
      .then([answered] { answered({}); },
            [answered](const caf::error& why) { answered(why); });
  }
}

/// A handler that answers with something is well, too.
void prober::tell(uint8_t index, uint64_t incarnation, const caf::error& why) {
  if (!core_)
    return;
  auto good = !why || why == caf::sec::unexpected_response;
  auto reason = good ? std::string{}
                : why == caf::sec::request_timeout
                  ? "no answer within " + to_text(options_.timeout)
                  : describe(why);
  core_->probed(index, incarnation, good, reason);
}

} // namespace bulwark::detail
