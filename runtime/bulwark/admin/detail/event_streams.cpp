#include <bulwark/admin/detail/admin_answers.hpp>
#include <bulwark/admin/detail/event_place.hpp>
#include <bulwark/admin/detail/event_streams.hpp>
#include <bulwark/caf/detail/control.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <utility>

namespace bulwark::detail {

namespace {

constexpr duration monitor_time = std::chrono::seconds{2};

/// No exception ends the actor: one reader's want of memory is no other's.
template <class Action>
void kept_going(Action action) noexcept {
  try {
    action();
  } catch (...) {
    // See above.
  }
}

std::string stream_text(const event& what, log_format format) {
  return "id: " + place_text(what) + "\ndata: " + log_line(format, what)
         + "\n\n";
}

} // namespace

event_streams::event_streams(caf::actor_config& config, const std::string& node,
                             caf::actor monitor, emitter events,
                             stream_limits limits)
  : system_actor(config, "node/" + node + "/events", std::move(events)),
    monitor_(std::move(monitor)),
    limits_(limits) {}

caf::behavior event_streams::make_behavior() {
  return {
    [this](const stream_question& what) {
      kept_going([&] { on_question(what); });
    },
    [this](stream_look) {
      looking_ = false;
      kept_going([&] { look(); });
    },
    [this](stop_actor) {
      for (auto& [number, each] : readers_)
        each.stream->abort();
      readers_.clear();
      monitor_ = nullptr;
      quit(caf::exit_reason::user_shutdown);
    },
  };
}

void event_streams::on_question(const stream_question& what) {
  std::erase_if(readers_,
                [](const auto& x) { return x.second.stream->ended(); });
  if (readers_.size() >= limits_.streams_max) {
    auto busy = admin_error(503, std::to_string(limits_.streams_max)
                                   + " streams are read; there is no room for "
                                     "another one");
    busy.retry_after = 5;
    return what.respond(std::move(busy));
  }
  reader fresh;
  auto format = query_value(what.request.query, "format").value_or("json");
  auto known = parse_log_format(format);
  if (!known)
    return what.respond(admin_error(400, "format is " + bulwark::quoted(format)
                                           + "; it must be text or json"));
  fresh.format = *known;
  if (auto last = what.request.field("Last-Event-ID")) {
    auto place = parse_event_place(*last);
    if (!place)
      return what.respond(
        admin_error(400, "Last-Event-ID is " + bulwark::quoted(*last)
                           + "; it must be the id of an event"));
    fresh.next = {0, place->node, place->boot, place->sequence};
  }
  fresh.stream = std::make_shared<http_stream>(limits_.waiting_max);
  fresh.told = now();
  fresh.respond = what.respond;
  readers_.emplace(++last_, std::move(fresh));
  ask(last_);
  look();
}

void event_streams::look() {
  for (auto it = readers_.begin(); it != readers_.end();) {
    auto& each = it->second;
    if (each.full_since && now() - *each.full_since > limits_.slow_max)
      each.stream->abort();
    if (each.stream->ended()) {
      it = readers_.erase(it);
      continue;
    }
    if (now() - each.told > limits_.comment_every)
      tell_text(each, ":\n\n");
    if (!each.full_since || each.stream->waiting() <= limits_.waiting_max / 2)
      ask(it->first);
    ++it;
  }
  if (readers_.empty() || std::exchange(looking_, true))
    return;
  delayed_send(this, limits_.look_every, stream_look{});
}

void event_streams::ask(uint64_t number) {
  auto& of = readers_.at(number);
  if (std::exchange(of.asking, true))
    return;
  request(monitor_, monitor_time, of.next)
    .then(
      [this, number](const events_behind& got) {
        kept_going([&] { tell_events(number, got); });
      },
      [this, number](const caf::error&) {
        kept_going([&] { on_silence(number); });
      });
}

/// The monitor is late: who has no answer yet gets none.
void event_streams::on_silence(uint64_t number) {
  auto it = readers_.find(number);
  if (it == readers_.end())
    return;
  it->second.asking = false;
  if (!it->second.respond)
    return;
  it->second.respond(admin_error(503, "the monitor does not answer"));
  readers_.erase(it);
}

void event_streams::begin(reader& of) {
  auto respond = std::exchange(of.respond, {});
  if (respond)
    respond({.content_type = "text/event-stream",
             .fields = {{"Cache-Control", "no-store"}},
             .stream = of.stream});
}

void event_streams::tell_events(uint64_t number, const events_behind& got) {
  auto it = readers_.find(number);
  if (it == readers_.end())
    return;
  auto& to = it->second;
  to.asking = false;
  begin(to);
  if (got.missed && !tell_text(to, "event: missed\ndata: {}\n\n"))
    return;
  to.next.place = got.first;
  for (const auto& each : got.events) {
    if (!tell_text(to, stream_text(each, to.format)))
      return;
    ++to.next.place;
  }
  if (got.events.size() == to.next.max)
    ask(number);
}

bool event_streams::tell_text(reader& to, const std::string& text) {
  if (!to.stream->write(text)) {
    if (!to.full_since)
      to.full_since = now();
    return false;
  }
  to.full_since.reset();
  to.told = now();
  return true;
}

} // namespace bulwark::detail
