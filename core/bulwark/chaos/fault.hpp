#pragma once

#include <bulwark/time/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bulwark {

/// What can be made to go wrong on purpose.
enum class fault_kind : uint8_t {
  // at a replica
  /// A handler throws.
  crash,
  /// A handler does not come back.
  hang,
  /// A handler takes longer.
  slow,
  /// A request is answered by an error in place of its handler.
  error,
  /// A gate takes no request for the service.
  refuse,
  // at a gate
  /// More requests than clients send.
  flood,
  // at the link to another node
  /// What the other node sends is heard later.
  slow_link,
  /// Some of the messages that the other node sends are lost.
  drop,
  /// Nothing goes through, either way.
  cut,
  /// What the other node sends is not heard.
  one_way,
  // at the journal
  /// Nothing is written.
  disk_full,
  /// Each group of events takes longer to be durable.
  slow_fsync,
  // at a node
  /// It drains and stops, as at SIGTERM.
  stop,
  /// It ends as by SIGKILL.
  kill,
};

/// The last of all kinds.
inline constexpr fault_kind last_fault_kind = fault_kind::kill;

enum class fault_place : uint8_t { replica, gate, link, journal, node };

[[nodiscard]] fault_place place_of(fault_kind kind) noexcept;

std::string to_string(fault_kind kind);
std::string to_string(fault_place place);

/// One fault: what, where, how often and how strongly.
///
/// Immutable after construction.
struct fault {
  fault_kind kind = fault_kind::crash;

  /// Name of a service; of a node for faults of links, journals and nodes.
  std::string target;

  /// Share of the messages that it strikes: above 0 and at most 1.
  double rate = 1;

  /// Of `slow`, `slow_link` and `slow_fsync`: by how much; 1 ms to 1 min. 0 for
  /// others, but for `hang`, where 0 is as long as the fault lasts, and for
  /// `flood`: how long each request keeps its replica, 0 up to 1 min.
  duration delay{0};

  /// Of `flood`: requests, 1 to 1,000,000; 0 for others.
  uint64_t per_second = 0;

  friend bool operator==(const fault&, const fault&) = default;
};

/// Returns the first complaint, with field, value and rule, or nothing.
[[nodiscard]] std::optional<std::string> validate(const fault& what);

/// Reads `KIND TARGET [rate=SHARE] [delay=TIME] [per_second=NUMBER]`, such as
/// `slow orders delay=200ms rate=0.5`. Returns the first complaint, with the
/// value and the rule, and then leaves `out` alone; or nothing.
[[nodiscard]] std::optional<std::string> read_fault(std::string_view text,
                                                    fault& out);

/// Returns what `read_fault` reads.
std::string to_string(const fault& what);

} // namespace bulwark
