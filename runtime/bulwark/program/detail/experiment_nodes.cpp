#include <bulwark/events/event_words.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/experiment_nodes.hpp>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace bulwark::program {

namespace {

using nlohmann::json;

/// Asks each, and does without those that do not answer.
template <class Ask>
void ask_each(const std::vector<named_node>& all, Ask ask) {
  for (const auto& each : all)
    try {
      ask(each);
    } catch (const std::exception&) {
      // It is away, or refuses: its leases end by themselves.
    }
}

/// Asks one after the other until one answers.
template <class Ask>
void ask_first(const std::vector<named_node>& all, Ask ask) {
  for (const auto& each : all)
    try {
      return ask(each);
    } catch (const std::exception&) {
      // The next one may know.
    }
}

std::string text_of(const json& from, const char* key) {
  auto found = from.find(key);
  return found != from.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string{};
}

/// Of an event as `json_line` has written it, what matters for an experiment.
event read_event(const json& from) {
  event result;
  if (auto kind = parse_event_kind(text_of(from, "event")))
    result.kind = *kind;
  if (auto failure = parse_failure_type(text_of(from, "failure")))
    result.failure = *failure;
  result.node = text_of(from, "node");
  result.component = text_of(from, "component");
  result.boot = from.value("boot", uint64_t{0});
  result.sequence = from.value("sequence", uint64_t{0});
  if (auto pairs = from.find("metadata");
      pairs != from.end() && pairs->is_object())
    for (const auto& [key, value] : pairs->items())
      if (value.is_string())
        result.with(key, value.get<std::string>());
  return result;
}

void add_numbers(const json& from, const std::string& before,
                 figure_readings& into) {
  for (const auto& [key, value] : from.items())
    if (value.is_number())
      into[before + key] = value.get<double>();
}

bool is_metric(const std::string& figure) {
  return figure.starts_with("bulwark_") || figure.starts_with("process_");
}

/// A line of Prometheus' text format: `NAME{LABELS} VALUE`.
void read_metric(std::string_view line, figure_readings& into) {
  auto space = line.rfind(' ');
  if (line.starts_with('#') || space == std::string_view::npos)
    return;
  double value = 0;
  auto text = line.substr(space + 1);
  auto [at, error] =
    std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && at == text.data() + text.size())
    into[std::string{line.substr(0, space)}] = value;
}

} // namespace

experiment_nodes::experiment_nodes(std::vector<named_node> all, experiment what)
  : all_(std::move(all)), what_(std::move(what)) {
  for (auto& each : all_)
    each.patience = patience;
}

json experiment_nodes::order(const char* act) const {
  return {{"act", act}, {"experiment", what_.name}};
}

void experiment_nodes::begin() {
  for (const auto& each : all_)
    change_node(each.find(), "chaos", order("begin"));
  // What was before is no news.
  news();
}

std::vector<named_node> experiment_nodes::nodes_for(const fault& what) const {
  auto place = place_of(what.kind);
  auto at_itself = place == fault_place::journal || place == fault_place::node;
  std::vector<named_node> result;
  for (const auto& each : all_) {
    auto is_target = each.name == what.target;
    if (at_itself ? is_target : place != fault_place::link || !is_target)
      result.push_back(each);
  }
  return result;
}

std::optional<std::string> experiment_nodes::lend(size_t index) {
  const auto& what = what_.faults[index];
  auto wanted = order("lend");
  wanted["id"] = "fault" + std::to_string(index);
  wanted["fault"] = to_string(what);
  wanted["random"] = what_.seed * 1'000'003 + index;
  wanted["replicas"] = what_.blast.replicas;
  wanted["last_replica"] = what_.blast.last_replica;
  wanted["nodes"] = what_.blast.nodes;
  auto why = "no node of those that are known takes " + to_string(what);
  for (const auto& each : nodes_for(what))
    try {
      change_node(each.find(), "chaos", wanted);
      return std::nullopt;
    } catch (const std::exception& refusal) {
      why = each.name + ": " + refusal.what();
    }
  return why;
}

/// A node that was started anew knows nothing of it; its faults are over.
void experiment_nodes::renew() {
  ask_each(all_, [this](const named_node& each) {
    try {
      change_node(each.find(), "chaos", order("renew"));
    } catch (const config_error&) {
      change_node(each.find(), "chaos", order("begin"));
    }
  });
}

void experiment_nodes::lift() {
  ask_each(all_, [this](const named_node& each) {
    change_node(each.find(), "chaos", order("lift"));
  });
}

void experiment_nodes::end() {
  ask_each(all_, [this](const named_node& each) {
    change_node(each.find(), "chaos", order("end"));
  });
}

std::vector<event> experiment_nodes::news() {
  std::vector<event> result;
  ask_each(all_, [&](const named_node& each) {
    auto answer =
      ask_node(each.find(), "/api/events?max=300&node=" + each.name);
    auto events = answer.body.value("events", json::array());
    for (const auto& line : events) {
      auto what = read_event(line);
      if (find_metadata(what, "experiment") == what_.name
          && seen_.emplace(what.node, what.boot, what.sequence).second)
        result.push_back(std::move(what));
    }
  });
  return result;
}

bool experiment_nodes::uses_figures(
  const std::function<bool(const std::string&)>& which) const {
  auto any = [&](const std::vector<steady_condition>& all) {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& each) { return which(each.figure); });
  };
  return any(what_.steady) || any(what_.abort_when);
}

void experiment_nodes::read(figure_readings& into) {
  auto of_probe = [this](const std::string& figure) {
    auto name = figure.substr(0, figure.find('.'));
    return std::any_of(what_.probes.begin(), what_.probes.end(),
                       [&](const auto& each) { return each.name == name; });
  };
  if (uses_figures(is_metric))
    read_metrics(into);
  if (uses_figures([&](const std::string& figure) {
        return !is_metric(figure) && !of_probe(figure);
      }))
    read_report(into);
}

void experiment_nodes::read_report(figure_readings& into) {
  ask_first(all_, [&](const named_node& each) {
    auto report = ask_node(each.find(), "/api/report?window=1m").body;
    add_numbers(report, "", into);
    for (const auto* part : {"summary", "failure_patterns"})
      add_numbers(report.value(part, json::object()), "", into);
    auto components = report.value("component_analysis", json::object());
    for (const auto& [id, figures] : components.items())
      add_numbers(figures, id + ".", into);
  });
}

void experiment_nodes::read_metrics(figure_readings& into) {
  ask_first(all_, [&](const named_node& each) {
    std::istringstream text{ask_text(each.find(), "/metrics")};
    for (std::string line; std::getline(text, line);)
      read_metric(line, into);
  });
}

} // namespace bulwark::program
