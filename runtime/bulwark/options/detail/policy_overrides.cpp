#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/policy_fields.hpp>
#include <bulwark/options/detail/policy_overrides.hpp>
#include <bulwark/text/detail/log_text.hpp>
#include <bulwark/text/validate_name.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace bulwark {

namespace {

using source = override_source;
using subject = override_subject;

/// What keys begin with, and what they are about.
struct family {
  std::string_view prefix;
  subject what;
  bool named;
};

constexpr std::array<family, 13> families{{
  {"service.", subject::service, true},
  {"restart.", subject::service, false},
  {"supervisor.", subject::service, false},
  {"gate.", subject::service, false},
  {"breaker.", subject::service, false},
  {"retry.", subject::service, false},
  {"retry_budget.", subject::service, false},
  {"hedge.", subject::service, false},
  {"fallback.", subject::service, false},
  {"bulkhead.", subject::bulkhead, true},
  {"cpu_quota.", subject::cpu_quota, true},
  {"load_shedding.", subject::load_shedding, false},
  {"guard.", subject::guard, true},
}};

const family* family_of(std::string_view key) {
  const auto* at =
    std::find_if(families.begin(), families.end(), [&](const auto& each) {
      return key.starts_with(each.prefix);
    });
  return at == families.end() ? nullptr : at;
}

/// The name, empty for all, and the field.
std::pair<std::string, std::string> split(std::string_view key,
                                          const family& of) {
  // Of all services each field is known by its policy.
  if (!of.named && of.what == subject::service)
    return {"", std::string{key}};
  key.remove_prefix(of.prefix.size());
  if (!of.named)
    return {"", std::string{key}};
  auto dot = key.find('.');
  if (dot == std::string_view::npos)
    return {std::string{key}, ""};
  return {std::string{key.substr(0, dot)}, std::string{key.substr(dot + 1)}};
}

std::string word_of(subject what) {
  constexpr const char* words[] = {"service", "bulkhead", "cpu quota",
                                   "load_shedding", "guard"};
  return words[static_cast<size_t>(what)];
}

/// Calls `f` with the type of what is said of that.
template <class F>
auto with_type(subject what, F f) {
  switch (what) {
  case subject::bulkhead:
    return f(bulkhead_options{});
  case subject::cpu_quota:
    return f(cpu_quota_options{});
  case subject::load_shedding:
    return f(load_shedding_choice{});
  case subject::guard:
    return f(guard_options{});
  default:
    return f(service_settings{});
  }
}

bool is_field(const family& of, std::string_view name) {
  if (of.what == subject::service)
    return of.named ? is_policy_field(name) : is_common_field(name);
  return with_type(of.what, [=](const auto& settings) {
    using type = std::decay_t<decltype(settings)>;
    return detail::find_field<type>(name) != nullptr;
  });
}

std::string listed(const std::set<std::string>& names) {
  std::string result;
  for (const auto& name : names) {
    if (!result.empty())
      result += ", ";
    result += name;
  }
  return result.empty() ? "none" : result;
}

} // namespace

bool policy_overrides::is_key(std::string_view key) {
  return family_of(key) != nullptr;
}

void policy_overrides::add(override_source source, const std::string& key,
                           const std::string& value, const std::string& shown) {
  const auto& of = *family_of(key);
  auto [name, field] = split(key, of);
  if (of.named)
    if (auto complaint = validate_name(word_of(of.what) + " name", name))
      throw config_error{shown + ": " + *complaint};
  if (!is_field(of, field))
    throw config_error{"unknown option " + shown + "; see --help"};
  auto rule = with_type(of.what, [&, &f = field](auto scratch) {
    return detail::find_field<decltype(scratch)>(f)->set(scratch, value);
  });
  if (rule)
    throw config_error{shown + " is " + bulwark::quoted(value) + "; " + *rule};
  auto same = [&, &n = name, &f = field](const entry& other) {
    return other.source == source && other.subject == of.what && other.name == n
           && other.field == f;
  };
  if (std::any_of(entries_.begin(), entries_.end(), same))
    throw config_error{shown + " is given more than once"};
  entries_.push_back({source, of.what, name, field, value, shown});
}

template <class Settings>
void policy_overrides::set_all(override_subject what, const std::string& name,
                               Settings& settings) const {
  for (auto from : {source::file, source::command_line})
    for (const auto& whose : {std::string{}, name})
      for (const auto& each : entries_)
        if (each.source == from && each.subject == what && each.name == whose)
          static_cast<void>(detail::find_field<Settings>(each.field)
                              ->set(settings, each.value));
}

void policy_overrides::apply(const std::string& service,
                             service_settings& settings) const {
  set_all(subject::service, service, settings);
}

void policy_overrides::apply(const std::string& bulkhead,
                             bulkhead_options& options) const {
  set_all(subject::bulkhead, bulkhead, options);
}

void policy_overrides::apply(const std::string& cpu_quota,
                             cpu_quota_options& options) const {
  set_all(subject::cpu_quota, cpu_quota, options);
}

void policy_overrides::apply(const std::string& guard,
                             guard_options& options) const {
  set_all(subject::guard, guard, options);
}

void policy_overrides::apply(load_shedding_choice& load_shedding) const {
  set_all(subject::load_shedding, "", load_shedding);
  if (load_shedding.enabled)
    return;
  for (const auto& each : entries_)
    if (each.subject == subject::load_shedding && each.field != "enabled")
      throw config_error{
        each.shown + " is " + bulwark::quoted(each.value)
        + "; it must come with load_shedding.enabled=true, since "
          "this node does not shed load"};
}

void policy_overrides::check_names(override_subject what,
                                   const std::set<std::string>& known) const {
  for (const auto& each : entries_)
    if (each.subject == what && !each.name.empty()
        && known.count(each.name) == 0)
      throw config_error{each.shown + " names no " + word_of(what)
                         + "; known here: " + listed(known)};
}

} // namespace bulwark
