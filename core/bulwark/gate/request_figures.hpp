#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark {

/// Upper bounds of the times that are told apart, in seconds; what took longer
/// than the last one is in a further class.
inline constexpr std::array<double, 15> request_time_bounds{
  0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
  0.1,    0.25,   0.5,   1,      2.5,   5,    10};

/// How often messages of a gate's clients ended in one way.
struct outcome_count {
  /// `ok`; `error`, which the service itself has answered; or the name of the
  /// `errc` that the client got, or a send was given up for.
  std::string outcome;

  uint64_t count = 0;
};

/// What a gate has counted of its clients' messages since it was made: those of
/// clients on its own node, requests as well as sends.
///
/// Immutable after construction.
struct request_figures {
  /// `ok` and `error` first, whatever their counts; then what has occurred, in
  /// the order of `errc`.
  std::vector<outcome_count> outcomes;

  /// Of a sample, one message in `request_sample_period`: how many took how
  /// long from the client to its answer, by class of `request_time_bounds`; and
  /// all of them together, in seconds. What was turned away at once is not
  /// among them.
  std::array<uint64_t, request_time_bounds.size() + 1> times{};
  double seconds = 0;
};

/// One message in so many is timed: an exact look at the clock costs as much as
/// all else that is counted of ten messages.
inline constexpr uint64_t request_sample_period = 32;

} // namespace bulwark
