#include <bulwark/chaos/detail/text_fields.hpp>
#include <bulwark/chaos/fault.hpp>
#include <bulwark/text/detail/nearest_name.hpp>
#include <bulwark/text/detail/option_checks.hpp>
#include <bulwark/text/duration_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <array>
#include <vector>

namespace bulwark {

using namespace option_checks;

namespace {

struct kind_entry {
  std::string_view name;
  fault_place place;
};

/// In the order of `fault_kind`.
constexpr std::array<kind_entry, 14> kinds{{
  {"crash", fault_place::replica},
  {"hang", fault_place::replica},
  {"slow", fault_place::replica},
  {"error", fault_place::replica},
  {"refuse", fault_place::replica},
  {"flood", fault_place::gate},
  {"slow_link", fault_place::link},
  {"drop", fault_place::link},
  {"cut", fault_place::link},
  {"one_way", fault_place::link},
  {"disk_full", fault_place::journal},
  {"slow_fsync", fault_place::journal},
  {"stop", fault_place::node},
  {"kill", fault_place::node},
}};

static_assert(kinds.size() == static_cast<size_t>(last_fault_kind) + 1);

constexpr duration delay_min = std::chrono::milliseconds{1};
constexpr duration delay_max = std::chrono::minutes{1};

bool is_slow(fault_kind kind) {
  return kind == fault_kind::slow || kind == fault_kind::slow_link
         || kind == fault_kind::slow_fsync;
}

std::optional<fault_kind> kind_named(std::string_view name) {
  for (size_t i = 0; i < kinds.size(); ++i)
    if (kinds[i].name == name)
      return static_cast<fault_kind>(i);
  return std::nullopt;
}

complaint unknown_kind(std::string_view name) {
  std::vector<std::string> names;
  std::string all;
  for (const auto& each : kinds) {
    names.emplace_back(each.name);
    all += (all.empty() ? "" : ", ") + std::string{each.name};
  }
  auto near = nearest_name(name, names);
  return said("fault", name.empty() ? "empty" : name,
              "KIND TARGET, with a kind out of " + all
                + (near.empty() ? "" : "; did you mean " + near + "?"));
}

complaint check_delay(const fault& what) {
  if (is_slow(what.kind))
    return within("fault.delay", what.delay, delay_min, delay_max);
  if (what.kind == fault_kind::hang || what.kind == fault_kind::flood)
    return within("fault.delay", what.delay, duration::zero(), delay_max);
  if (what.delay != duration::zero())
    return said("fault.delay", shown(what.delay),
                "left out for " + to_string(what.kind));
  return std::nullopt;
}

complaint check_flood(const fault& what) {
  if (what.kind == fault_kind::flood)
    return within("fault.per_second", what.per_second, 1, 1'000'000);
  if (what.per_second != 0)
    return said("fault.per_second", shown(what.per_second),
                "left out for " + to_string(what.kind));
  return std::nullopt;
}

complaint read_field(std::string_view field, fault& out) {
  auto equals = field.find('=');
  auto name = field.substr(0, equals);
  auto value = equals == std::string_view::npos ? std::string_view{}
                                                : field.substr(equals + 1);
  if (name == "rate")
    return read_number("fault.rate", value, out.rate);
  if (name == "delay")
    return read_length("fault.delay", value, out.delay);
  if (name == "per_second")
    return read_count("fault.per_second", value, out.per_second);
  return said("fault field", field,
              "rate=SHARE, delay=TIME or per_second=NUMBER");
}

} // namespace

fault_place place_of(fault_kind kind) noexcept {
  auto index = static_cast<size_t>(kind);
  return index < kinds.size() ? kinds[index].place : fault_place::replica;
}

std::string to_string(fault_kind kind) {
  auto index = static_cast<size_t>(kind);
  return index < kinds.size() ? std::string{kinds[index].name}
                              : "fault_kind(" + std::to_string(index) + ")";
}

std::string to_string(fault_place place) {
  constexpr std::array<std::string_view, 5> names{"replica", "gate", "link",
                                                  "journal", "node"};
  auto index = static_cast<size_t>(place);
  return index < names.size() ? std::string{names[index]}
                              : "fault_place(" + std::to_string(index) + ")";
}

complaint validate(const fault& what) {
  return first_of(validate_name("fault.target", what.target),
                  threshold("fault.rate", what.rate), check_delay(what),
                  check_flood(what));
}

complaint read_fault(std::string_view text, fault& out) {
  auto word = next_word(text);
  auto kind = kind_named(word);
  if (!kind)
    return unknown_kind(word);
  fault result;
  result.kind = *kind;
  result.target = next_word(text);
  for (word = next_word(text); !word.empty(); word = next_word(text))
    if (auto wrong = read_field(word, result))
      return wrong;
  if (auto wrong = validate(result))
    return wrong;
  out = std::move(result);
  return std::nullopt;
}

std::string to_string(const fault& what) {
  auto result = to_string(what.kind) + " " + what.target;
  if (what.rate != 1)
    result += " rate=" + shown(what.rate);
  if (what.delay != duration::zero())
    result += " delay=" + to_text(what.delay);
  if (what.per_second != 0)
    result += " per_second=" + shown(what.per_second);
  return result;
}

} // namespace bulwark
