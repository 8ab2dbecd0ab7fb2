#include <bulwark/duration_text.hpp>
#include <bulwark/exit_class.hpp>
#include <bulwark/options/policy_fields.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <sstream>

namespace bulwark {

namespace {

using complaint = std::optional<std::string>;

complaint read(std::string_view text, duration& out) {
  auto value = parse_duration(text);
  if (!value)
    return std::string{duration_rule};
  out = *value;
  return std::nullopt;
}

complaint read(std::string_view text, bool& out) {
  if (text != "true" && text != "false")
    return "it must be true or false";
  out = text == "true";
  return std::nullopt;
}

/// One of the words of an enumeration.
template <class Enum>
complaint read_word(std::string_view text, Enum& out,
                    std::initializer_list<Enum> all) {
  std::string rule = "it must be ";
  for (const auto& each : all) {
    auto word = to_string(each);
    if (text == word) {
      out = each;
      return std::nullopt;
    }
    auto first = &each == all.begin();
    auto last = &each == all.end() - 1;
    rule += (first ? "" : last ? " or " : ", ") + word;
  }
  return rule;
}

complaint read(std::string_view text, restart_type& out) {
  return read_word(text, out,
                   {restart_type::permanent, restart_type::transient,
                    restart_type::temporary});
}

complaint read(std::string_view text, restart_strategy& out) {
  return read_word(text, out,
                   {restart_strategy::one_for_one,
                    restart_strategy::one_for_all,
                    restart_strategy::rest_for_one});
}

complaint read(std::string_view text, limit_action& out) {
  return read_word(text, out,
                   {limit_action::cool_down, limit_action::escalate});
}

template <class Number>
requires std::integral<Number> || std::floating_point<Number>
  complaint read(std::string_view text, Number& out) {
  Number value{};
  const auto* end = text.data() + text.size();
  auto [last, failure] = std::from_chars(text.data(), end, value);
  if (failure == std::errc{} && last == end) {
    out = value;
    return std::nullopt;
  }
  if constexpr (std::floating_point<Number>)
    return "it must be a number, such as 1.5";
  else
    return "it must be a whole number from 0 to "
           + std::to_string(std::numeric_limits<Number>::max());
}

std::string show(duration value) {
  return to_text(value);
}
std::string show(bool value) {
  return value ? "true" : "false";
}
template <class Enum>
requires std::is_enum_v<Enum> std::string show(Enum value) {
  return to_string(value);
}

template <class Number>
requires std::integral<Number> || std::floating_point<Number> std::string
show(Number value) {
  std::ostringstream out;
  out << +value;
  return out.str();
}

struct field {
  std::string_view name;
  complaint (*set)(service_settings&, std::string_view);
  std::string (*get)(const service_settings&);
};

template <auto Policy, auto Member>
constexpr field in_policy(std::string_view name) {
  return {name,
          [](service_settings& settings, std::string_view text) {
            return read(text, settings.*Policy.*Member);
          },
          [](const service_settings& settings) {
            return show(settings.*Policy.*Member);
          }};
}

template <auto Member>
constexpr field of_service(std::string_view name) {
  return {
    name,
    [](service_settings& settings, std::string_view text) {
      return read(text, settings.*Member);
    },
    [](const service_settings& settings) { return show(settings.*Member); }};
}

constexpr auto restart = &service_settings::restart;
constexpr auto supervisor = &service_settings::supervisor;
constexpr auto gate = &service_settings::gate;

using ro = restart_options;
using so = supervisor_options;
using go = gate_options;

constexpr std::array fields{
  in_policy<restart, &ro::type>("restart.type"),
  in_policy<restart, &ro::initial>("restart.initial"),
  in_policy<restart, &ro::multiplier>("restart.multiplier"),
  in_policy<restart, &ro::max>("restart.max"),
  in_policy<restart, &ro::jitter>("restart.jitter"),
  in_policy<restart, &ro::reset_after>("restart.reset_after"),
  in_policy<restart, &ro::intensity>("restart.intensity"),
  in_policy<restart, &ro::period>("restart.period"),
  in_policy<restart, &ro::cool_down>("restart.cool_down"),
  in_policy<restart, &ro::cool_down_max>("restart.cool_down_max"),
  in_policy<restart, &ro::shutdown>("restart.shutdown"),
  in_policy<supervisor, &so::intensity>("supervisor.intensity"),
  in_policy<supervisor, &so::period>("supervisor.period"),
  in_policy<gate, &go::timeout>("gate.timeout"),
  in_policy<gate, &go::grace>("gate.grace"),
  in_policy<gate, &go::stash_messages>("gate.stash_messages"),
  in_policy<gate, &go::stash_bytes>("gate.stash_bytes"),
  in_policy<gate, &go::stash_wait>("gate.stash_wait"),
  in_policy<gate, &go::hop_limit>("gate.hop_limit"),
  in_policy<gate, &go::poison_limit>("gate.poison_limit"),
  of_service<&service_settings::strategy>("strategy"),
  of_service<&service_settings::on_limit>("on_limit"),
  of_service<&service_settings::replicas>("replicas"),
  of_service<&service_settings::min_healthy>("min_healthy"),
  of_service<&service_settings::blocking>("blocking"),
  of_service<&service_settings::ready_within>("ready_within"),
  of_service<&service_settings::hung_after>("hung_after"),
};

const field* find(std::string_view name) {
  const auto* at = std::find_if(fields.begin(), fields.end(),
                                [&](const field& f) { return f.name == name; });
  return at == fields.end() ? nullptr : at;
}

} // namespace

std::vector<std::string_view> policy_fields() {
  std::vector<std::string_view> names;
  for (const auto& f : fields)
    names.push_back(f.name);
  return names;
}

bool is_policy_field(std::string_view name) {
  return find(name) != nullptr;
}

bool is_common_field(std::string_view name) {
  return is_policy_field(name) && name.find('.') != std::string_view::npos;
}

complaint set_policy_field(service_settings& settings, std::string_view name,
                           std::string_view text) {
  return find(name)->set(settings, text);
}

std::string show_policy_field(const service_settings& settings,
                              std::string_view name) {
  return find(name)->get(settings);
}

} // namespace bulwark
