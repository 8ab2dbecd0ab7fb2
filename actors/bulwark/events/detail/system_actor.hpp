#pragma once

#include <bulwark/caf/detail/unstoppable_job.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace bulwark::detail {

/// What supervisor, monitor and the link between nodes have in common:
/// nothing that a client, a peer or a linked actor sends can end them.
///
/// - Exit messages and stream messages are dropped, see `unstoppable_job`.
/// - Errors, `down_msg` and answers nobody waits for are ignored: anyone can
///   send them. Who has to hear of an end uses `watch_end`.
/// - Unknown requests are answered `sec::unexpected_message`, unknown sends
///   are dropped without an answer, because that answer would end the sender.
///
/// What is refused is counted, and told by one `message_refused` per second.
/// A derived class ends by `quit`, and lets no exception out of a handler.
class system_actor : public unstoppable_job {
public:
  /// `component` is the path under which it appears in events.
  system_actor(caf::actor_config& config, std::string component, emitter events,
               runners who = runners::all);

  const std::string& component() const noexcept { return component_; }

protected:
  void emit(event what) const noexcept { events_.emit(std::move(what)); }

  /// Emits what `make` returns, which is not asked where nobody listens.
  template <class Make>
  void tell(const Make& make) const {
    if (events_.heard())
      emit(make());
  }

  time_point now() const { return clock().now(); }

  /// What is done about messages that no handler takes.
  caf::result<caf::message> on_unknown();

  /// Counts a message that is dropped.
  void refuse(const char* what, const caf::strong_actor_ptr& from) noexcept;

private:
  void on_dropped(const char* what,
                  const caf::strong_actor_ptr& from) noexcept final;
  caf::error refusal_of(const char* what) const final;

  static constexpr duration report_gap = std::chrono::seconds{1};

  std::string component_;
  emitter events_;
  std::atomic<uint64_t> refused_{0};
  std::atomic<duration::rep> report_due_{0};
};

} // namespace bulwark::detail
