#pragma once

#include <bulwark/options/detail/option_field.hpp>
#include <bulwark/protection/fallback_options.hpp>
#include <bulwark/protection/guard_options.hpp>
#include <bulwark/protection/hedge_options.hpp>

#include <span>

namespace bulwark::detail {

// The fields of what protects calls, for files and command lines: of guards
// `breaker.failure_threshold`, `retry.attempts`, `timeout`, ...; of hedges and
// fallbacks `extra`, `age_max`, ...

template <>
std::span<const option_field<guard_options>> fields_of<guard_options>();

template <>
std::span<const option_field<hedge_options>> fields_of<hedge_options>();

template <>
std::span<const option_field<fallback_options>> fields_of<fallback_options>();

} // namespace bulwark::detail
