#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/events/detail/event_check.hpp>
#include <bulwark/events/detail/event_counter.hpp>
#include <bulwark/events/detail/event_inbox.hpp>
#include <bulwark/events/detail/event_limit.hpp>
#include <bulwark/events/detail/monitor_protocol.hpp>
#include <bulwark/events/detail/peer_feed.hpp>
#include <bulwark/events/detail/seen_events.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/events/monitor.hpp>
#include <bulwark/events/monitor_requests.hpp>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <map>
#include <stdexcept>
#include <utility>

namespace bulwark::detail {

namespace {

/// To itself: it is time to send a peer what it did not take before.
struct feed_again {
  std::string node;
  uint64_t generation = 0;
};

} // namespace

} // namespace bulwark::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bulwark::detail::feed_again)

namespace bulwark {

namespace {

class monitor : public detail::system_actor {
public:
  monitor(caf::actor_config& config, monitor_options options,
          std::shared_ptr<detail::event_inbox> inbox)
    : system_actor(config, "node/" + options.node + "/monitor", emitter{inbox}),
      options_(std::move(options)),
      inbox_(std::move(inbox)),
      book_(options_.recent_max, options_.components_max),
      own_(options_.recent_max),
      seen_(options_.peers_max) {
    inbox_->open(address());
  }

  const char* name() const override { return "bulwark.monitor"; }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](detail::emitted& x) {
        inbox_->taken();
        on_emitted(std::move(x.what));
      },
      [this](detail::held_events_due) { on_limit_due(); },
      [this](detail::drops_waiting) { on_drops(); },
      [this](peer_events& x) { return on_peer_events(x); },
      [this](detail::add_peer_monitor& x) { on_add_peer(x); },
      [this](detail::remove_peer_monitor& x) { peers_.erase(x.node); },
      [this](const detail::feed_again& x) { on_feed_again(x); },
      [this](const recent_events_request& x) {
        return recent_events{book_.recent(x.max, x.node)};
      },
      [this](event_counts_request) {
        return event_counts{book_.counts(), book_.total(), dropped_,
                            malformed_};
      },
      [this](detail::stop_actor) {
        for (auto& what : limit_.take_all())
          record(std::move(what));
        quit(caf::exit_reason::user_shutdown);
      },
    };
  }

private:
  struct peer {
    caf::actor handle;
    uint64_t boot = 0;
    uint64_t generation = 0;
    detail::peer_feed feed;
    bool tried_later = false;
  };

  // A peer that has not answered by then gets the same events again.
  static constexpr std::chrono::seconds peer_timeout{10};

  // One that does not know this node yet gets them again after that.
  static constexpr std::chrono::milliseconds feed_gap{200};

  void on_emitted(event what) {
    if (!is_load_driven(what.kind))
      return record(std::move(what));
    if (auto told = limit_.admit(std::move(what), now()))
      record(std::move(*told));
    await_limit();
  }

  void on_limit_due() {
    limit_awaited_ = false;
    for (auto& what : limit_.take_due(now()))
      record(std::move(what));
    await_limit();
  }

  void await_limit() {
    auto due = limit_.next_due();
    if (limit_awaited_ || !due)
      return;
    limit_awaited_ = true;
    delayed_send(this, *due - now(), detail::held_events_due{});
  }

  void record(event what) {
    what.node = options_.node;
    what.boot = options_.boot;
    what.sequence = ++sequence_;
    own_.add(what);
    enter(std::move(what), event_origin::own);
    for (auto& [node, to] : peers_)
      feed(node, to);
  }

  void enter(event what, event_origin origin) {
    if (options_.sink) {
      try {
        options_.sink(what, origin);
      } catch (...) {
        // A sink that fails must not end the monitor; the event is kept.
      }
    }
    book_.add(std::move(what));
  }

  void record_dropped(uint64_t count, uint64_t failures_and_recoveries,
                      const std::string& reason) {
    event told;
    told.kind = event_kind::events_dropped;
    told.level = severity_of(told.kind);
    told.component = component();
    told.reason = reason;
    told.at = inbox_->time();
    told.with("count", std::to_string(count));
    if (failures_and_recoveries > 0)
      told.with("failures_and_recoveries",
                std::to_string(failures_and_recoveries));
    record(std::move(told));
  }

  void on_drops() {
    auto dropped = inbox_->take_dropped();
    auto count = dropped.changes + dropped.failures_and_recoveries;
    if (count == 0)
      return;
    dropped_ += count;
    record_dropped(count, dropped.failures_and_recoveries,
                   "too many events waited");
  }

  caf::result<peer_events_ack> on_peer_events(peer_events& batch) {
    if (batch.node.empty() || batch.node.size() > event::text_max
        || batch.node == options_.node
        || batch.events.size() > detail::peer_feed::batch_max) {
      ++malformed_;
      return make_error(errc::not_supported, "not a batch of a peer's events");
    }
    auto from = peers_.find(batch.node);
    // Its link may have heard of this node earlier than ours of it.
    if (from == peers_.end())
      return make_error(errc::unreachable, "not connected to that node yet");
    if (from->second.handle != current_sender()) {
      refuse("events of another node", current_sender());
      return make_error(errc::not_supported,
                        "only its own monitor tells of a node");
    }
    peer_events_ack ack;
    for (auto& what : batch.events) {
      if (!well_formed(what) || what.node != batch.node
          || what.boot != batch.boot || what.boot != from->second.boot
          || seen_.leaps(what.node, what.boot, what.sequence)) {
        ++malformed_;
        continue;
      }
      ack.sequence = what.sequence;
      if (seen_.add(what.node, what.boot, what.sequence))
        enter(std::move(what), event_origin::peer);
    }
    return ack;
  }

  void on_add_peer(detail::add_peer_monitor& x) {
    auto known = peers_.find(x.node);
    if (!x.handle
        || (known == peers_.end() && peers_.size() >= options_.peers_max))
      return;
    auto& to = peers_[x.node];
    to = peer{std::move(x.handle), x.boot, ++generations_, {}};
    feed(x.node, to);
  }

  void feed(const std::string& node, peer& to) {
    auto batch = to.feed.next(own_);
    if (batch.empty())
      return;
    auto still = [this, node, generation = to.generation](auto&& then) {
      auto at = peers_.find(node);
      if (at != peers_.end() && at->second.generation == generation)
        then(at->second);
    };
    request(to.handle, peer_timeout,
            peer_events{options_.node, options_.boot, std::move(batch)})
      .then(
        [this, still, node](const peer_events_ack&) {
          still([&](peer& x) { on_fed(node, x); });
        },
        [this, still, node](const caf::error& reason) {
          still([&](peer& x) {
            x.feed.on_lost();
            // Any other error comes at once, and so would the next one: then
            // it is tried again with the next event.
            if (reason == caf::sec::request_timeout)
              feed(node, x);
            else if (code_of(reason, errc{}) == errc::unreachable)
              feed_later(node, x);
          });
        });
  }

  void feed_later(const std::string& node, peer& to) {
    if (!std::exchange(to.tried_later, true))
      delayed_send(this, feed_gap, detail::feed_again{node, to.generation});
  }

  void on_feed_again(const detail::feed_again& x) {
    auto known = peers_.find(x.node);
    if (known == peers_.end() || known->second.generation != x.generation)
      return;
    known->second.tried_later = false;
    feed(x.node, known->second);
  }

  void on_fed(const std::string& node, peer& to) {
    auto missed = to.feed.on_arrived();
    if (missed > 0)
      record_dropped(missed, 0, "node " + node + " took too long to take them");
    // `record` may have fed it already; then there is nothing to do.
    feed(node, to);
  }

  monitor_options options_;
  std::shared_ptr<detail::event_inbox> inbox_;
  event_counter book_;
  event_limit limit_;
  bool limit_awaited_ = false;
  detail::own_events own_;
  seen_events seen_;
  std::map<std::string, peer> peers_;
  uint64_t generations_ = 0;
  uint64_t sequence_ = 0;
  uint64_t dropped_ = 0;
  uint64_t malformed_ = 0;
};

} // namespace

running_monitor spawn_monitor(caf::actor_system& system,
                              monitor_options options) {
  if (!options.now)
    throw std::invalid_argument{"monitor.now is empty; it must be a function"};
  if (options.peers_max == 0)
    throw std::invalid_argument{
      "monitor.peers_max is 0; it must be at least 1"};
  auto inbox = std::make_shared<detail::event_inbox>(options.now);
  auto handle = system.spawn<monitor>(std::move(options), inbox);
  return {handle, emitter{inbox}};
}

} // namespace bulwark
