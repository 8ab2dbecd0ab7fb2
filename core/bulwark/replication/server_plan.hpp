#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What is known of one server of a database that replicates by itself
/// (PostgreSQL): one is the primary, the others are its standbys.
struct server_view {
  /// Whoever owns the server has answered.
  bool answered = false;

  /// There are no data yet.
  bool empty = false;

  bool running = false;

  /// It runs, but does not answer.
  bool hung = false;

  /// It is a standby, or would start as one.
  bool standby = false;

  /// A standby that takes nothing from any primary any more.
  bool left = false;

  /// Whom a standby follows, or "".
  std::string source = {};

  /// It follows, and gets nothing: it has what its source has not.
  bool stuck = false;

  /// Clients may enter.
  bool open = false;

  /// It follows no primary of an earlier timeline than this any more.
  uint64_t promised = 0;

  /// Where its log ends: the later timeline is further, then the later place.
  uint64_t timeline = 0;
  uint64_t place = 0;

  friend bool operator==(const server_view&, const server_view&) = default;
};

/// What one of them is to do next.
struct server_order {
  enum class kind : uint8_t {
    /// Makes the data, and starts as the first primary.
    create,
    /// Ends at once, whatever it does.
    stop,
    /// Starts as a standby of nobody, or takes nothing any more.
    leave,
    /// Keeps, on disk, that it follows none of an earlier timeline than
    /// `timeline`.
    promise,
    promote,
    /// Starts as the primary that it was, without clients.
    restart,
    /// Starts as a standby of `source`, or changes to it.
    follow,
    /// Drops what `source` does not have, and follows.
    rejoin,
    /// Lets clients in, once a standby has all that it has.
    open,
  };

  kind what = kind::leave;
  size_t which = 0;
  size_t source = 0;
  uint64_t timeline = 0;

  friend bool operator==(const server_order&, const server_order&) = default;
};

/// Returns the name of `what` as written above.
std::string to_string(server_order::kind what);

struct server_plan {
  std::vector<server_order> orders;

  /// Why there is no primary and none is made, or "".
  std::string missing = {};

  /// Who is the primary; `nobody`: none runs.
  size_t primary = nobody;

  static constexpr size_t nobody = static_cast<size_t>(-1);

  friend bool operator==(const server_plan&, const server_plan&) = default;
};

/// What the servers of these names are to do.
///
/// A standby is promoted only after `told_min` standbys have left their primary
/// and told where their logs end: what was acknowledged is at one of them, and
/// nothing more can be. Before, they promise not to follow the old primary
/// again: the new one may die before anybody has followed it. The primary is
/// stopped, if it can be. With fewer standbys the last primary starts again,
/// unless they have promised.
/// @pre views.size() == names.size()
server_plan plan_servers(const std::vector<std::string>& names,
                         const std::vector<server_view>& views,
                         size_t told_min);

} // namespace bulwark::detail
