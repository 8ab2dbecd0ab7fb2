#pragma once

#include <bulwark/cluster/cluster_member.hpp>
#include <bulwark/cluster/detail/member_change.hpp>
#include <bulwark/cluster/detail/second_opinion.hpp>
#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/time/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Which nodes one node knows, and what it takes them for.
///
///     joining -> up <-> suspect -> unreachable -> up ...
///                up ->  leaving -> left -> up ...
///
/// - Nobody is banned: whoever is connected is up, whatever it was before.
/// - What this node alone does not reach is unreachable, which is a change. It
///   is lost, which is an outage, when another node does not reach it either,
///   or, among fewer than `opinion_nodes`, at once.
/// - Who is unreachable and not lost is asked about again, at longer and longer
///   intervals.
///
/// Confined to one thread.
class membership {
public:
  using changes = std::vector<member_change>;

  explicit membership(const noticing_options& options) : options_(options) {}

  // -- what happens -----------------------------------------------------------

  /// That node is said to be at that address. `gone`: for so long nobody here
  /// has met it. Without effect if it is known.
  changes known(const std::string& node, const std::string& address,
                time_point now, duration gone = duration{0});

  /// A connection to it is up.
  changes connected(const std::string& node, uint64_t boot,
                    const std::string& address, time_point now);

  /// Nothing has come from it for too long, though a connection is open; and
  /// something has come again.
  changes suspected(const std::string& node, const std::string& reason,
                    time_point now);
  changes heard(const std::string& node, time_point now);

  /// It says that it is about to stop.
  changes leaves(const std::string& node, time_point now);

  /// It does not talk to this node, and says so: another one has its name.
  changes refused(const std::string& node, const std::string& reason,
                  time_point now);

  /// Its last connection is gone; `goodbye`: it said so.
  changes disconnected(const std::string& node, bool goodbye,
                       const std::string& reason, time_point now);

  // -- second opinions --------------------------------------------------------

  /// `whom` is to be asked whether it reaches `about`.
  struct question {
    std::string whom;
    std::string about;

    friend bool operator==(const question&, const question&) = default;
  };

  /// Returns what has not been asked yet.
  std::vector<question> take_questions();

  changes answered(const question& what, bool reaches, time_point now);

  /// What this node answers.
  bool reaches(const std::string& node) const;

  // -- time -------------------------------------------------------------------

  /// What time alone changes: verdicts without answers, and who is forgotten.
  changes look(time_point now);

  /// When to look next.
  std::optional<time_point> next_due() const;

  // -- how it stands ----------------------------------------------------------

  std::vector<cluster_member> members() const;
  const cluster_member* find(const std::string& node) const;

  /// How long a node has been away; nothing for one that is connected.
  std::optional<duration> away(const std::string& node, time_point now) const;

  /// A node that is unreachable and not lost is asked about again after the
  /// first, and then after twice as long each time, up to the second.
  static constexpr std::chrono::seconds ask_again_min{1};
  static constexpr std::chrono::seconds ask_again_max{32};

  /// More are not kept: then the one that is away for longest makes way.
  static constexpr size_t members_max = 256;

private:
  struct record {
    cluster_member seen;
    bool connected = false;
    time_point away_since{};
    std::optional<second_opinion> opinion = {};
    bool asked = false;
    std::optional<time_point> ask_again = {};
    duration pause = ask_again_min;
  };

  static void settle(record& of) noexcept;
  static bool met(const record& of) noexcept;
  size_t nodes() const;
  void make_room();
  static member_change restarted(record& of, time_point now);
  void begin_opinion(record& of, time_point now);
  changes doubt(record& of, const std::string& reason, time_point now);
  changes judge(record& of, time_point now);
  static member_change move(record& of, member_state to,
                            const std::string& reason, time_point now);

  noticing_options options_;
  std::map<std::string, record> all_;
};

} // namespace bulwark::detail
