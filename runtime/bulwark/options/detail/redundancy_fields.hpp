#pragma once

#include <bulwark/redundancy/ejection_options.hpp>
#include <bulwark/redundancy/group_options.hpp>
#include <bulwark/redundancy/probe_options.hpp>

#include <array>

namespace bulwark::detail {

// The fields of a service's redundancy, for files and command lines:
// `In::at<Member>(name)` says where they are.

template <class In>
constexpr auto ejection_fields() {
  using ej = ejection_options;
  return std::array{
    In::template at<&ej::errors_in_row>("ejection.errors_in_row"),
    In::template at<&ej::error_share>("ejection.error_share"),
    In::template at<&ej::error_answers>("ejection.error_answers"),
    In::template at<&ej::own>("ejection.own_errors"),
    In::template at<&ej::latency_factor>("ejection.latency_factor"),
    In::template at<&ej::latency_above>("ejection.latency_above"),
    In::template at<&ej::latency_answers>("ejection.latency_answers"),
    In::template at<&ej::latency_members>("ejection.latency_members"),
    In::template at<&ej::window>("ejection.window"),
    In::template at<&ej::length>("ejection.length"),
    In::template at<&ej::length_max>("ejection.length_max"),
    In::template at<&ej::share_max>("ejection.share_max"),
    In::template at<&ej::panic_below>("ejection.panic_below"),
  };
}

template <class In>
constexpr auto probe_fields() {
  using po = probe_options;
  return std::array{
    In::template at<&po::every>("probe.every"),
    In::template at<&po::timeout>("probe.timeout"),
    In::template at<&po::unhealthy_after>("probe.unhealthy_after"),
    In::template at<&po::healthy_after>("probe.healthy_after"),
  };
}

template <class In>
constexpr auto group_fields() {
  using go = group_options;
  return std::array{
    In::template at<&go::policy>("group.fail_back"),
    In::template at<&go::fail_back_after>("group.fail_back_after"),
    In::template at<&go::reset_after>("group.reset_after"),
  };
}

} // namespace bulwark::detail
