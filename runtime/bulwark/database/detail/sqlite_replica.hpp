#pragma once

#include <bulwark/database/detail/replica_file.hpp>
#include <bulwark/database/replica_error.hpp>
#include <bulwark/database/replica_messages.hpp>
#include <bulwark/replication/detail/acknowledgements.hpp>
#include <bulwark/replication/detail/member_log.hpp>
#include <bulwark/replication/detail/promotion.hpp>
#include <bulwark/replication/replication_options.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bulwark {

/// One member of a replicated database: the owner of one file of SQLite.
///
/// A primary records which rows a write changes (SQLite's session extension)
/// and ships that, not the text: `random()` is the same everywhere. Each write
/// is in one transaction with its place in the log, its request id and its
/// answer; so it is there as a whole or not at all, and a second attempt finds
/// it. Each member does the same with what it is sent.
///
/// It sends nothing itself: whoever owns it carries shipments and answers to
/// and fro, and tells a client that a write is done once it is acknowledged.
/// A primary whose epoch is over (`fenced`) leads no more; what it has not
/// acknowledged is *unknown*, and dropped when the next primary sends its log.
///
/// What cannot be replicated is refused: tables without a primary key, or with
/// one that may be NULL; entries that change tables and rows at once.
///
/// After a `replica_error` of the kind `node_failed` nothing more can be done
/// with it but to make another one of the same file, which comes back as a
/// follower.
///
/// Confined to one actor.
class sqlite_replica {
public:
  /// `self`: its place in `options.members`. Makes the file if it is not there.
  /// @throws std::invalid_argument if an option breaks its rule
  /// @throws replica_error if the file cannot be opened, or is damaged
  sqlite_replica(const std::filesystem::path& file, replication_options options,
                 size_t self);

  // -- for clients ------------------------------------------------------------

  /// @throws replica_error `not_primary` where it does not lead, `degraded`
  ///         where too much is not acknowledged yet
  write_answer write(const write_request& request);

  /// What it has, acknowledged or not; `where` of the answer says it.
  /// @throws replica_error
  read_answer read(const sql_statement& query);

  // -- as a follower ----------------------------------------------------------

  /// Stores what it is sent. @throws replica_error
  detail::offer_answer take(const replica_shipment& what);

  /// Promises to take nothing older than `epoch`, and tells its position.
  /// @throws replica_error
  detail::told_position ask(uint64_t epoch);

  /// How many entries of primaries that were replaced it has dropped.
  uint64_t dropped() const noexcept { return dropped_; }

  // -- on the way to lead -----------------------------------------------------

  /// Returns the epoch in which the others are to be asked. @throws
  /// replica_error
  uint64_t begin_attempt();

  void on_told(size_t member, uint64_t epoch,
               const detail::told_position& told);

  /// Leads, if it may. `forced`: an operator takes the loss of what only those
  /// have that have not told. @throws replica_error
  detail::promotion_verdict lead(bool forced = false);

  /// Of the attempt that is under way: who has not told, or who is to try.
  /// @pre `begin_attempt` was called, and no answer to it was `lead`
  const detail::promotion& attempt() const { return *attempt_; }

  // -- as a primary -----------------------------------------------------------

  /// In which epoch it leads; 0: it does not.
  uint64_t leads() const noexcept { return leads_; }

  /// Returns the end of its log, for one that may have all before.
  replica_shipment newest();

  /// Takes what that member answered to a shipment of `epoch`. Returns what to
  /// send it next, if anything. @throws replica_error
  std::optional<replica_shipment> on_answer(size_t member, uint64_t epoch,
                                            const detail::offer_answer& answer);

  /// Up to which entry all are acknowledged; 0 where it does not lead.
  uint64_t acknowledged() const noexcept {
    return acknowledged_ ? acknowledged_->acknowledged() : 0;
  }

  // -- observers --------------------------------------------------------------

  const log_position& last() const noexcept { return log_.index().last(); }
  uint64_t promised() const noexcept { return log_.promised(); }
  const replication_options& options() const noexcept { return options_; }

private:
  /// Runs it in one transaction, which is rolled back where it returns false or
  /// throws. `rules`: triggers and foreign keys are obeyed.
  bool transact(bool rules, const std::function<bool()>& what);
  void require_usable() const;
  log_entry next_entry(entry_kind kind) const;
  void store(const log_entry& entry, uint64_t epoch);
  void stored_own(const log_entry& entry);
  void execute(const write_request& request, log_entry& entry);
  detail::offer_answer take_entry(uint64_t epoch, const log_entry& entry);
  detail::offer_answer take_image(const replica_shipment& what);
  replica_shipment entries_from(uint64_t first, size_t count);
  void step_down() noexcept;

  replication_options options_;
  size_t self_;
  detail::replica_file file_;
  detail::member_log log_;
  uint64_t leads_ = 0;
  uint64_t heard_ = 0;
  uint64_t dropped_ = 0;
  bool failed_ = false;
  std::optional<detail::promotion> attempt_;
  std::optional<detail::acknowledgements> acknowledged_;
};

} // namespace bulwark
