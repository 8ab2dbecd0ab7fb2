#include <bulwark/database/detail/changeset.hpp>
#include <bulwark/database/detail/run_statement.hpp>
#include <bulwark/database/detail/sqlite_replica.hpp>
#include <bulwark/replication/detail/catch_up.hpp>

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bulwark {

using namespace detail;

namespace {

replication_options checked(replication_options options) {
  if (auto bad = validate(options))
    throw std::invalid_argument{*bad};
  return options;
}

/// Runs it. Errors of SQLite say what they mean for the node.
template <class F>
auto translated(F what) {
  try {
    return what();
  } catch (const SQLite::Exception& e) {
    throw replica_error{classify_sqlite(e.getErrorCode()), e.what()};
  }
}

} // namespace

sqlite_replica::sqlite_replica(const std::filesystem::path& file,
                               replication_options options, size_t self)
  : options_(checked(std::move(options))),
    self_(self),
    file_(translated([&] { return replica_file{file}; })),
    log_(translated([&] { return file_.read_log(options_.log_max); })) {}

bool sqlite_replica::transact(bool rules, const std::function<bool()>& what) {
  require_usable();
  try {
    return translated([&] {
      file_.obey_rules(rules);
      SQLite::Transaction transaction{file_.database(),
                                      SQLite::TransactionBehavior::IMMEDIATE};
      if (!what())
        return false;
      transaction.commit();
      return true;
    });
  } catch (const replica_error& e) {
    failed_ = e.kind() == database_error::node_failed;
    throw;
  }
}

// -- for clients --------------------------------------------------------------

write_answer sqlite_replica::write(const write_request& request) {
  if (leads_ == 0)
    throw replica_error{database_error::not_primary,
                        options_.members[self_] + " is not the primary"};
  if (auto known = translated([&] { return file_.find_request(request.id); }))
    return *known;
  if (last().sequence - acknowledged() >= options_.unacknowledged_max)
    throw replica_error{database_error::degraded,
                        std::to_string(options_.unacknowledged_max)
                          + " writes wait for other members; try later"};
  auto entry =
    next_entry(request.schema ? entry_kind::schema : entry_kind::change);
  entry.request = request.id;
  transact(true, [&] {
    execute(request, entry);
    store(entry, leads_);
    return true;
  });
  stored_own(entry);
  return {last(), entry.answer, false};
}

void sqlite_replica::execute(const write_request& request, log_entry& entry) {
  auto& db = file_.database();
  auto allowed =
    request.schema ? statement_kind::schema : statement_kind::change;
  change_recorder recorder{db.getHandle()};
  for (const auto& each : request.statements) {
    if (request.schema && !each.values.empty())
      throw replica_error{database_error::give_up,
                          "a change of the schema has no values; write them "
                          "into its text"};
    entry.answer = run_statement(db, each, allowed);
    if (request.schema)
      entry.content += each.sql + ";\n";
  }
  if (!request.schema)
    entry.content = recorder.changeset();
  else if (auto fault = file_.fault_of_tables(); !fault.empty())
    throw replica_error{database_error::give_up, fault};
}

read_answer sqlite_replica::read(const sql_statement& query) {
  require_usable();
  return translated([&]() -> read_answer {
    return {run_statement(file_.database(), query, statement_kind::read),
            last()};
  });
}

// -- as a follower ------------------------------------------------------------

offer_answer sqlite_replica::take(const replica_shipment& what) {
  if (!what.image.empty())
    return take_image(what);
  offer_answer answer{what.epoch < promised() ? offer_verdict::fenced
                                              : offer_verdict::gap,
                      promised(), last()};
  for (const auto& each : what.entries) {
    answer = take_entry(what.epoch, each);
    if (answer.verdict != offer_verdict::append
        && answer.verdict != offer_verdict::replace
        && answer.verdict != offer_verdict::have)
      break;
  }
  return answer;
}

offer_answer sqlite_replica::take_entry(uint64_t epoch,
                                        const log_entry& entry) {
  auto answer = log_.judge(epoch, entry);
  auto replaces = answer.verdict == offer_verdict::replace;
  if (!replaces && answer.verdict != offer_verdict::append)
    return answer;
  auto done = transact(false, [&] {
    if ((replaces && !file_.undo_after(entry.sequence - 1))
        || !file_.apply(entry))
      return false;
    store(entry, epoch);
    return true;
  });
  // What is here is not what it should be: only a whole database helps.
  if (!done)
    return {offer_verdict::too_old, promised(), last()};
  if (epoch > promised())
    step_down();
  dropped_ += last().sequence - (entry.sequence - 1);
  log_.stored(epoch, answer.position);
  return answer;
}

offer_answer sqlite_replica::take_image(const replica_shipment& what) {
  auto answer = log_.judge_snapshot(what.epoch, what.where);
  if (answer.verdict != offer_verdict::replace)
    return answer;
  if (what.epoch > promised())
    step_down();
  auto before = log_.index();
  translated([&] {
    file_.install(what.image);
    log_ = file_.read_log(options_.log_max);
  });
  if (last() != what.where)
    throw replica_error{database_error::node_failed,
                        "a snapshot ends at " + to_string(last())
                          + " and not at " + to_string(what.where)};
  for (auto i = before.base().sequence + 1; i <= before.last().sequence; ++i)
    if (i > last().sequence
        || (log_.index().at(i) && log_.index().at(i) != before.at(i)))
      ++dropped_;
  return answer;
}

told_position sqlite_replica::ask(uint64_t epoch) {
  auto told = log_.judge_ask(epoch);
  if (told.yes && epoch > promised()) {
    step_down();
    transact(false, [&] {
      file_.keep_promise(epoch);
      return true;
    });
    log_.promise(epoch);
  }
  return told;
}

// -- on the way to lead -------------------------------------------------------

uint64_t sqlite_replica::begin_attempt() {
  auto epoch =
    next_epoch(std::max(promised(), heard_), self_, options_.members.size());
  ask(epoch);
  attempt_.emplace(options_.members.size(), self_, options_.told_min(), epoch,
                   last());
  return epoch;
}

void sqlite_replica::on_told(size_t member, uint64_t epoch,
                             const told_position& told) {
  heard_ = std::max(heard_, told.promised);
  if (attempt_)
    attempt_->on_told(member, epoch, told);
}

promotion_verdict sqlite_replica::lead(bool forced) {
  auto verdict = attempt_->decide(promised(), forced);
  if (verdict != promotion_verdict::lead)
    return verdict;
  leads_ = attempt_->epoch();
  attempt_.reset();
  auto entry = next_entry(entry_kind::opening);
  transact(false, [&] {
    store(entry, leads_);
    return true;
  });
  acknowledged_.emplace(leads_, options_.members.size(),
                        options_.acknowledgements);
  stored_own(entry);
  return verdict;
}

// -- as a primary -------------------------------------------------------------

replica_shipment sqlite_replica::newest() {
  return entries_from(last().sequence, 1);
}

replica_shipment sqlite_replica::entries_from(uint64_t first, size_t count) {
  return {leads_, translated([&] { return file_.entries(first, count); })};
}

std::optional<replica_shipment>
sqlite_replica::on_answer(size_t member, uint64_t epoch,
                          const offer_answer& answer) {
  heard_ = std::max(heard_, answer.promised);
  if (leads_ == 0 || epoch != leads_)
    return std::nullopt;
  if (answer.verdict == offer_verdict::fenced
      || answer.verdict == offer_verdict::contradiction) {
    step_down();
    return std::nullopt;
  }
  acknowledged_->on_stored(member, answer.position, log_.index());
  auto plan = plan_catch_up(log_.index(), answer, options_.batch_max);
  switch (plan.what) {
  case catch_up_plan::kind::nothing:
    return std::nullopt;
  case catch_up_plan::kind::entries:
    return entries_from(plan.first, plan.count);
  case catch_up_plan::kind::snapshot:
    break;
  }
  return replica_shipment{
    leads_, {}, translated([&] { return file_.image(); }), last()};
}

// -- what all of it does ------------------------------------------------------

void sqlite_replica::require_usable() const {
  if (failed_)
    throw replica_error{database_error::node_failed,
                        "the file of " + options_.members[self_]
                          + " has failed before; open it again"};
}

log_entry sqlite_replica::next_entry(entry_kind kind) const {
  return {leads_, last().sequence + 1, last().checksum, kind};
}

void sqlite_replica::store(const log_entry& entry, uint64_t epoch) {
  file_.add(entry, log_.index().base_with(entry.sequence),
            options_.remembered_max, std::max(promised(), epoch));
}

void sqlite_replica::stored_own(const log_entry& entry) {
  log_.stored(leads_, position_of(entry));
  acknowledged_->on_own(log_.index());
}

void sqlite_replica::step_down() noexcept {
  leads_ = 0;
  attempt_.reset();
  acknowledged_.reset();
}

} // namespace bulwark
