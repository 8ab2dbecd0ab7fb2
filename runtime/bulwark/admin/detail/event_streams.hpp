#pragma once

#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/http/message.hpp>
#include <bulwark/http/stream.hpp>
#include <bulwark/log/format.hpp>
#include <bulwark/time/time.hpp>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bulwark::detail {

/// A request for `/events`.
struct stream_question {
  http_request request;
  http_responder respond;
};

/// To look whether there is more to tell.
struct stream_look {};

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::stream_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::stream_look)

namespace bulwark::detail {

/// Bounds of the streams of events of one node.
///
/// Immutable after construction.
struct stream_limits {
  /// Streams at once; a further one is answered 503.
  size_t streams_max = 8;

  /// Bytes that wait for one reader.
  size_t waiting_max = http_stream::waiting_default;

  /// A reader for whom nothing more can wait for so long is dropped.
  duration slow_max = std::chrono::seconds{10};

  /// How often the monitor is asked for more, while there are streams.
  duration look_every = std::chrono::milliseconds{100};

  /// A stream on which nothing is told gets a comment so often, by which one
  /// notices that the other is gone.
  duration comment_every = std::chrono::seconds{15};
};

/// Tells events as they come, as server-sent events: `id` is the event's place,
/// `data` its line in a log, JSON or, by `?format=text`, text. With a
/// `Last-Event-ID` it begins behind that one, else with what comes from now on.
/// Where events are missing in between, an event `missed` says so.
///
/// While nobody reads, it does nothing.
///
/// Confined to one actor.
class event_streams final : public system_actor {
public:
  event_streams(caf::actor_config& config, const std::string& node,
                caf::actor monitor, emitter events, stream_limits limits = {});

  const char* name() const override { return "bulwark.event_streams"; }

protected:
  caf::behavior make_behavior() override;

private:
  struct reader {
    std::shared_ptr<http_stream> stream;

    /// Until it is known where it begins, so that who has an answer misses
    /// nothing that comes later.
    http_responder respond = {};
    log_format format = log_format::json;
    events_behind_request next;
    bool asking = false;
    time_point told = {};

    /// Since when nothing more can wait for it.
    std::optional<time_point> full_since = std::nullopt;
  };

  void on_question(const stream_question& what);
  void look();
  void ask(uint64_t number);
  void on_silence(uint64_t number);
  void begin(reader& of);
  void tell_events(uint64_t number, const events_behind& got);

  /// Whether there was room for it.
  bool tell_text(reader& to, const std::string& text);

  caf::actor monitor_;
  stream_limits limits_;
  std::map<uint64_t, reader> readers_;
  uint64_t last_ = 0;
  bool looking_ = false;
};

} // namespace bulwark::detail
