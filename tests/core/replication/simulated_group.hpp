#pragma once

#include <bulwark/replication/detail/acknowledgements.hpp>
#include <bulwark/replication/detail/catch_up.hpp>
#include <bulwark/replication/detail/member_log.hpp>
#include <bulwark/replication/detail/promotion.hpp>
#include <bulwark/replication/log_entry.hpp>
#include <bulwark/replication/replication_options.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// What members send each other.
struct letter {
  enum class kind : uint8_t { ask, told, offer, snapshot, answer };

  size_t from = 0;
  size_t to = 0;
  kind what = kind::ask;
  uint64_t epoch = 0;

  /// Of an offer; of a snapshot all that there are.
  std::vector<bulwark::log_entry> entries = {};

  bulwark::detail::told_position told = {};
  bulwark::detail::offer_answer answer = {};
};

/// One member: what survives its death, and what does not.
struct simulated_member {
  simulated_member(size_t kept_max)
    : log(0, bulwark::detail::log_index{kept_max}) {}

  // -- on its disk ------------------------------------------------------------

  uint64_t promised = 0;
  std::vector<bulwark::log_entry> history;

  // -- in its memory ----------------------------------------------------------

  bool up = true;
  bulwark::detail::member_log log;
  std::optional<bulwark::detail::promotion> attempt;

  /// In which epoch it is the primary; 0: it is not.
  uint64_t leads = 0;
  std::optional<bulwark::detail::acknowledgements> acknowledged;

  /// The largest epoch that it has heard of.
  uint64_t heard = 0;
};

/// Members that carry out what the decisions say, and letters between them that
/// a test delivers, loses and repeats in any order. It looks on whether what
/// was promised holds.
///
/// Confined to one thread.
class simulated_group {
public:
  using kind = letter::kind;

  /// Only as many as `told_min` have to tell their position.
  simulated_group(const bulwark::replication_options& options, size_t told_min);

  // -- acts -------------------------------------------------------------------

  /// Returns whether it took it.
  bool write(size_t which, const std::string& content);

  /// Begins an attempt to lead: promises itself a larger epoch.
  void begin_attempt(size_t which);
  void ask(size_t which, size_t other);

  /// Ends the attempt, if it has come to something.
  void decide(size_t which);

  /// A primary offers the end of its log to another one.
  void offer_last(size_t which, size_t other);

  void lose(size_t which);
  void come_back(size_t which);

  /// Hands over one of `on_way`.
  void deliver(const letter& what);

  std::vector<letter> on_way;

  // -- observers --------------------------------------------------------------

  const simulated_member& at(size_t which) const { return members_[which]; }
  size_t size() const { return members_.size(); }

  /// What is broken, or "".
  const std::string& broken() const { return broken_; }

  /// How many entries were ever acknowledged.
  size_t acknowledged() const { return acknowledged_.size(); }

  // How often it happened.
  size_t leaders = 0;
  size_t snapshots = 0;
  size_t dropped = 0;
  size_t fenced = 0;

private:
  void store(size_t which, uint64_t epoch, const bulwark::log_entry& entry);
  void append_own(size_t which, bulwark::entry_kind how,
                  const std::string& content);
  void lead(size_t which);
  bool has_acknowledged_before(size_t which, uint64_t epoch) const;
  void note_acknowledged(size_t which);
  void step_down(size_t which);

  void on_ask(const letter& what);
  void on_told(const letter& what);
  void on_offer(const letter& what);
  void on_snapshot(const letter& what);
  void on_answer(const letter& what);
  void reply(const letter& to, const bulwark::detail::offer_answer& answer);
  void send_entries(size_t which, size_t other, uint64_t first, size_t count);
  void send_rest(size_t which, size_t other,
                 const bulwark::detail::offer_answer& answer);

  bulwark::replication_options options_;
  size_t told_min_;
  std::vector<simulated_member> members_;
  std::map<uint64_t, size_t> leader_of_;

  // By place, and by the primary of which epoch it was acknowledged first.
  struct acknowledged_entry {
    bulwark::log_position where;
    uint64_t by;
  };

  std::map<uint64_t, acknowledged_entry> acknowledged_;
  std::string broken_;
};

} // namespace test
