#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/options/detail/policy_fields.hpp>
#include <bulwark/options/detail/protection_fields.hpp>
#include <bulwark/options/detail/redundancy_fields.hpp>

#include <array>

namespace bulwark {

namespace {

using detail::field_at;

constexpr auto restart = &service_settings::restart;
constexpr auto supervisor = &service_settings::supervisor;
constexpr auto gate = &service_settings::gate;

using ro = restart_options;
using so = supervisor_options;
using go = gate_options;

template <auto Optional>
struct in_optional {
  template <auto Member>
  static constexpr auto at(std::string_view name) {
    return detail::field_within<service_settings, Optional, Member>(name);
  }
};

template <auto Part>
struct in_part {
  template <auto Member>
  static constexpr auto at(std::string_view name) {
    return field_at<service_settings, Part, Member>(name);
  }
};

constexpr std::array of_policies{
  field_at<service_settings, restart, &ro::type>("restart.type"),
  field_at<service_settings, restart, &ro::initial>("restart.initial"),
  field_at<service_settings, restart, &ro::multiplier>("restart.multiplier"),
  field_at<service_settings, restart, &ro::max>("restart.max"),
  field_at<service_settings, restart, &ro::jitter>("restart.jitter"),
  field_at<service_settings, restart, &ro::reset_after>("restart.reset_after"),
  field_at<service_settings, restart, &ro::intensity>("restart.intensity"),
  field_at<service_settings, restart, &ro::period>("restart.period"),
  field_at<service_settings, restart, &ro::cool_down>("restart.cool_down"),
  field_at<service_settings, restart, &ro::cool_down_max>(
    "restart.cool_down_max"),
  field_at<service_settings, restart, &ro::shutdown>("restart.shutdown"),
  field_at<service_settings, supervisor, &so::intensity>(
    "supervisor.intensity"),
  field_at<service_settings, supervisor, &so::period>("supervisor.period"),
  field_at<service_settings, gate, &go::timeout>("gate.timeout"),
  field_at<service_settings, gate, &go::grace>("gate.grace"),
  field_at<service_settings, gate, &go::stash_messages>("gate.stash_messages"),
  field_at<service_settings, gate, &go::stash_bytes>("gate.stash_bytes"),
  field_at<service_settings, gate, &go::stash_wait>("gate.stash_wait"),
  field_at<service_settings, gate, &go::hop_limit>("gate.hop_limit"),
  field_at<service_settings, gate, &go::poison_limit>("gate.poison_limit"),
  field_at<service_settings, gate, &go::bystander_limit>(
    "gate.bystander_limit"),
};

constexpr std::array of_one_service{
  field_at<service_settings, &service_settings::strategy>("strategy"),
  field_at<service_settings, &service_settings::on_limit>("on_limit"),
  field_at<service_settings, &service_settings::replicas>("replicas"),
  field_at<service_settings, &service_settings::standby>("standby"),
  field_at<service_settings, &service_settings::min_healthy>("min_healthy"),
  field_at<service_settings, &service_settings::balance>("balance"),
  field_at<service_settings, &service_settings::weights>("weights"),
  field_at<service_settings, &service_settings::route>("route"),
  field_at<service_settings, &service_settings::slow_start>("slow_start"),
  field_at<service_settings, &service_settings::severity_shift>(
    "severity_shift"),
  field_at<service_settings, &service_settings::blocking>("blocking"),
  field_at<service_settings, &service_settings::ready_within>("ready_within"),
  field_at<service_settings, &service_settings::hung_after>("hung_after"),
};

constexpr auto fields = detail::joined(
  of_policies,
  detail::breaker_fields<in_optional<&service_settings::breaker>>(),
  std::array{detail::field_within<service_settings, &service_settings::breaker,
                                  &breaker_options::cluster_wide>(
    "breaker.cluster_wide")},
  detail::retry_fields<in_optional<&service_settings::retry>>(),
  detail::budget_fields<in_part<&service_settings::retry_budget>>(),
  detail::hedge_fields<in_part<&service_settings::hedge>>(),
  detail::fallback_fields<in_part<&service_settings::fallback>>(),
  detail::ejection_fields<in_optional<&service_settings::ejection>>(),
  detail::probe_fields<in_optional<&service_settings::probe>>(),
  detail::group_fields<in_part<&service_settings::group>>(), of_one_service);

} // namespace

template <>
std::span<const detail::option_field<service_settings>>
detail::fields_of<service_settings>() {
  return fields;
}

std::vector<std::string_view> policy_fields() {
  std::vector<std::string_view> names;
  for (const auto& f : fields)
    names.push_back(f.name);
  return names;
}

bool is_policy_field(std::string_view name) {
  return detail::find_field<service_settings>(name) != nullptr;
}

bool is_common_field(std::string_view name) {
  return is_policy_field(name) && name.find('.') != std::string_view::npos;
}

std::optional<std::string> set_policy_field(service_settings& settings,
                                            std::string_view name,
                                            std::string_view text) {
  return detail::find_field<service_settings>(name)->set(settings, text);
}

std::string show_policy_field(const service_settings& settings,
                              std::string_view name) {
  return detail::find_field<service_settings>(name)->get(settings);
}

} // namespace bulwark
