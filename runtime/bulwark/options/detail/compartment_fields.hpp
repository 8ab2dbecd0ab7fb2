#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/load_shedding.hpp>
#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/quota/cpu_quota_options.hpp>

#include <span>

namespace bulwark {

/// Whether a node floods its compartments under pressure, and how.
///
/// Immutable after construction.
struct load_shedding_choice {
  bool enabled = false;
  load_shedding_options limits = {};
};

namespace detail {

// The fields of what is said of a node's compartments by name, for files and
// command lines: `capacity`, `quota`, `reopen_after`, ...

template <>
std::span<const option_field<bulkhead_options>> fields_of<bulkhead_options>();

template <>
std::span<const option_field<cpu_quota_options>> fields_of<cpu_quota_options>();

template <>
std::span<const option_field<load_shedding_choice>>
fields_of<load_shedding_choice>();

} // namespace detail

} // namespace bulwark
