#include <bulwark/chaos/detail/text_fields.hpp>
#include <bulwark/chaos/experiment.hpp>
#include <bulwark/text/detail/nearest_name.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>

#include <array>
#include <set>

namespace bulwark {

using namespace option_checks;

namespace {

/// A longer file is none that a person has written.
constexpr size_t text_max = size_t{64} * 1024;

using reader = complaint (*)(std::string_view, experiment&);

complaint read_switch(std::string_view field, std::string_view text,
                      bool& out) {
  if (text != "true" && text != "false")
    return said(field, text, "true or false");
  out = text == "true";
  return std::nullopt;
}

template <class Item, class Read>
complaint read_into(std::vector<Item>& to, std::string_view text, Read read) {
  Item each;
  if (auto wrong = read(text, each))
    return wrong;
  to.push_back(std::move(each));
  return std::nullopt;
}

complaint read_verdict(std::string_view text, experiment& to) {
  std::string all;
  for (int i = 0; i <= static_cast<int>(last_experiment_verdict); ++i) {
    auto each = static_cast<experiment_verdict>(i);
    if (to_string(each) == text) {
      to.expected = each;
      return std::nullopt;
    }
    all += (i == 0 ? "" : ", ") + to_string(each);
  }
  return said("expect", text, "one of " + all);
}

struct text_field {
  std::string_view name;
  bool repeats;
  reader read;
};

const std::array<text_field, 14> text_fields{{
  {"name", false,
   [](auto text, auto& to) {
     to.name = text;
     return complaint{};
   }},
  {"probe", true,
   [](auto text, auto& to) { return read_into(to.probes, text, read_probe); }},
  {"steady", true,
   [](auto text, auto& to) {
     return read_into(to.steady, text, read_condition);
   }},
  {"fault", true,
   [](auto text, auto& to) { return read_into(to.faults, text, read_fault); }},
  {"abort", true,
   [](auto text, auto& to) {
     return read_into(to.abort_when, text, read_condition);
   }},
  {"duration", false,
   [](auto text, auto& to) { return read_length("duration", text, to.lasts); }},
  {"recovery", false,
   [](auto text, auto& to) {
     return read_length("recovery", text, to.recovery);
   }},
  {"services", false,
   [](auto text, auto& to) {
     return read_count("services", text, to.blast.services);
   }},
  {"replicas", false,
   [](auto text, auto& to) {
     return read_number("replicas", text, to.blast.replicas);
   }},
  {"last_replica", false,
   [](auto text, auto& to) {
     return read_switch("last_replica", text, to.blast.last_replica);
   }},
  {"nodes", false,
   [](auto text, auto& to) {
     return read_count("nodes", text, to.blast.nodes);
   }},
  {"seed", false,
   [](auto text, auto& to) { return read_count("seed", text, to.seed); }},
  {"expect", false, read_verdict},
  {"protection", true,
   [](auto text, auto& to) {
     to.expected_protections.emplace_back(text);
     return complaint{};
   }},
}};

complaint unknown_field(std::string_view name) {
  std::vector<std::string> names;
  std::string all;
  for (const auto& each : text_fields) {
    names.emplace_back(each.name);
    all += (all.empty() ? "" : ", ") + std::string{each.name};
  }
  auto near = nearest_name(name, names);
  return said("field", name.empty() ? "empty" : name,
              "one of " + all
                + (near.empty() ? "" : "; did you mean " + near + "?"));
}

complaint read_line(std::string_view line, std::set<std::string_view>& seen,
                    experiment& to) {
  auto equals = line.find('=');
  if (equals == std::string_view::npos)
    return said("line", line, "FIELD = VALUE, empty, or a comment after #");
  auto name = trimmed(line.substr(0, equals));
  auto value = trimmed(line.substr(equals + 1));
  for (const auto& each : text_fields) {
    if (each.name != name)
      continue;
    if (value.empty())
      return said(name, "empty", "given, or left out");
    if (!seen.insert(each.name).second && !each.repeats)
      return said(name, value, "given once");
    return each.read(value, to);
  }
  return unknown_field(name);
}

} // namespace

complaint read_experiment(std::string_view text, experiment& out) {
  if (text.size() > text_max)
    return said("length of the file", shown(uint64_t{text.size()}),
                "at most " + shown(uint64_t{text_max}) + " bytes");
  experiment result;
  std::set<std::string_view> seen;
  for (uint64_t number = 1; !text.empty(); ++number) {
    auto end = std::min(text.find('\n'), text.size());
    auto line = trimmed(text.substr(0, end).substr(0, text.find('#')));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty())
      continue;
    if (auto wrong = read_line(line, seen, result))
      return "line " + shown(number) + ": " + *wrong;
  }
  if (auto wrong = validate(result))
    return wrong;
  out = std::move(result);
  return std::nullopt;
}

std::string to_text(const experiment& what) {
  std::string result;
  auto add = [&](std::string_view name, const std::string& value) {
    result += std::string{name} + " = " + value + "\n";
  };
  add("name", what.name);
  for (const auto& each : what.probes)
    add("probe", to_string(each));
  for (const auto& each : what.steady)
    add("steady", to_string(each));
  for (const auto& each : what.faults)
    add("fault", to_string(each));
  for (const auto& each : what.abort_when)
    add("abort", to_string(each));
  add("duration", to_text(what.lasts));
  add("recovery", to_text(what.recovery));
  add("services", shown(what.blast.services));
  add("replicas", shown(what.blast.replicas));
  add("last_replica", what.blast.last_replica ? "true" : "false");
  add("nodes", shown(what.blast.nodes));
  add("seed", shown(what.seed));
  add("expect", to_string(what.expected));
  for (const auto& each : what.expected_protections)
    add("protection", each);
  return result;
}

} // namespace bulwark
