#include <bulwark/caf/caf_error.hpp>
#include <bulwark/caf/detail/deliver.hpp>
#include <bulwark/events/detail/monitor_actor.hpp>
#include <bulwark/ledger/report_json.hpp>
#include <bulwark/ledger/report_text.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

// What the monitor knows of failures and recoveries, in all.

namespace bulwark::detail {

caf::message_handler monitor_actor::ledger_messages() {
  return {
    [this](history_read& x) { on_history(x); },
    [this](const fault_tolerance_report_request& x) { return on_report(x); },
  };
}

void monitor_actor::load_history() {
  for (auto& at : options_.store->positions()) {
    positions_.add(at.node, at.boot, 1, at.upto);
    ledger_.history.push_back(at);
  }
  exchange_.moved({ledger_.history.begin(), ledger_.history.end()}, now());
  load_next();
}

void monitor_actor::load_next() {
  if (ledger_.history.empty()) {
    ledger_.loaded = true;
    return answer_reports();
  }
  const auto& from = ledger_.history.front();
  options_.store->read(from.node, from.boot, ledger_.next,
                       event_store::read_max,
                       [me = address()](std::vector<event> found) {
                         post(me, nullptr, history_read{std::move(found)});
                       });
}

void monitor_actor::on_history(history_read& what) {
  if (ledger_.history.empty())
    return;
  for (const auto& each : what.events)
    ledger_.kept.add(each);
  auto over = what.events.empty()
              || what.events.back().sequence >= ledger_.history.front().upto;
  ledger_.next = over ? 1 : what.events.back().sequence + 1;
  if (over) {
    // What the store had and does not have any more is no gap.
    const auto& all = ledger_.history.front();
    ledger_.kept.removed(all.node, all.boot, 1, all.upto);
    ledger_.history.pop_front();
  }
  load_next();
}

caf::result<fault_tolerance_report_text>
monitor_actor::on_report(const fault_tolerance_report_request& what) {
  if (what.format != "text" && what.format != "json")
    return make_error(
      errc::invalid_option,
      "report.format is "
        + bulwark::quoted(what.format.substr(0, event::word_max))
        + "; it must be text or json");
  if (what.component.size() > event::text_max)
    return make_error(errc::invalid_option,
                      "report.component has "
                        + std::to_string(what.component.size())
                        + " characters; it must have at most "
                        + std::to_string(event::text_max));
  if (what.window <= duration::zero())
    return make_error(errc::invalid_option,
                      "report.window must be longer than 0ms");
  if (ledger_.reports.size() >= ledger_keeper::waiting_max)
    return make_error(errc::too_many_requests,
                      "the journal is being read and too many wait for it");
  auto promise = make_response_promise<fault_tolerance_report_text>();
  ledger_.reports.push_back({what, promise});
  if (ledger_.loaded)
    answer_reports();
  return promise;
}

report_query monitor_actor::query_of(duration window,
                                     std::string component) const {
  report_query result;
  result.window = window;
  result.component = std::move(component);
  result.objectives = options_.objectives;
  return result;
}

void monitor_actor::answer_reports() {
  for (auto& [what, to] : std::exchange(ledger_.reports, {})) {
    auto report =
      ledger_.kept.report(ledger_now(), query_of(what.window, what.component));
    to.deliver(fault_tolerance_report_text{
      what.format == "json" ? to_json(report) : to_text(report)});
  }
}

} // namespace bulwark::detail
