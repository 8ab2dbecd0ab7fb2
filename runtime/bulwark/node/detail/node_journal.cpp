#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/journal/journal.hpp>
#include <bulwark/node/detail/node_journal.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <system_error>
#include <utility>

namespace bulwark::detail {

namespace {

std::shared_ptr<journal> open(const node_options& options,
                              std::function<disk_trouble()> trouble) {
  if (!options.journal)
    return nullptr;
  std::error_code failure;
  std::filesystem::create_directories(options.data, failure);
  if (failure)
    throw config_error{"--data is " + bulwark::quoted(options.data.string())
                       + "; it cannot be made: " + failure.message()};
  journal_options result;
  result.path = options.data / (options.name + ".journal");
  result.node = options.name;
  result.sync = *options.journal;
  result.trouble = std::move(trouble);
  return std::make_shared<journal>(std::move(result));
}

event make(event_kind kind, std::string component, std::string reason) {
  event result;
  result.kind = kind;
  result.level = severity_of(kind);
  result.component = std::move(component);
  result.reason = std::move(reason);
  return result;
}

} // namespace

struct node_journal::shown {
  std::atomic<journal_state> state{journal_state::working};
};

node_journal::node_journal(const node_options& options, wall_time now,
                           std::function<disk_trouble()> trouble)
  : node_(options.name),
    started_(now),
    boot_(static_cast<uint64_t>(now.time_since_epoch().count())),
    journal_(open(options, std::move(trouble))),
    shown_(std::make_shared<shown>()) {
  if (journal_)
    boot_ = journal_->next_boot(now);
}

node_journal::~node_journal() = default;

std::shared_ptr<event_store> node_journal::store() const {
  return journal_;
}

void node_journal::tell(const emitter& events) {
  if (!journal_)
    return;
  journal_->on_state(
    [events, shown = shown_, component = "node/" + node_ + "/journal"](
      journal_state state, const std::string& words) {
      auto before = shown->state.exchange(state);
      auto works = state == journal_state::working;
      auto worked = before == journal_state::working;
      // From failed to behind and back nothing is new to anybody.
      if (works == worked && !works)
        return;
      auto kind = !works    ? event_kind::journal_failed
                  : !worked ? event_kind::journal_recovered
                            : event_kind::journal_noticed;
      events.emit(make(kind, component, words));
    });
  tell_crash(events);
}

/// What peers saw of it, if any did, is merged with this in the ledger.
void node_journal::tell_crash(const emitter& events) const {
  auto last = journal_->last_life();
  if (!last || last->stopped_cleanly)
    return;
  auto what = make(event_kind::node_crashed, "node/" + node_,
                   "the start before ended without being told to; its last "
                   "sign of life was at "
                     + to_text(last->last_seen));
  what.failure = failure_type::killed;
  what.downtime =
    std::max(duration::zero(),
             std::chrono::duration_cast<duration>(started_ - last->last_seen));
  events.emit(std::move(what));
}

std::string node_journal::state() const {
  return journal_ ? to_string(shown_->state.load()) : "off";
}

std::optional<journal_stats> node_journal::stats() const {
  if (!journal_)
    return std::nullopt;
  return journal_->stats();
}

void node_journal::close() {
  if (journal_)
    journal_->close();
}

} // namespace bulwark::detail
