#include <bulwark/journal/detail/event_rows.hpp>
#include <bulwark/journal/detail/journal_schema.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <algorithm>
#include <limits>

#include <sqlite3.h>

namespace bulwark {

using detail::sqlite_statement;

namespace {

/// Where a cursor in the order of the ledger is.
struct ledger_place {
  int64_t time = std::numeric_limits<int64_t>::min();
  std::string node;
  int64_t boot = 0;
  int64_t sequence = 0;
};

std::unique_ptr<sqlite_statement> prepare(const detail::sqlite_handle& in,
                                          const std::string& rest) {
  // Events first, so that their index is walked along.
  return std::make_unique<sqlite_statement>(
    in.get(), std::string{"select "} + detail::event_columns
                + " from events cross join origins on origins.id = origin "
                + rest + " limit ?1");
}

} // namespace

struct journal_reader::state {
  detail::sqlite_handle handle;
};

journal_reader::journal_reader(const std::filesystem::path& path,
                               const std::string& vfs)
  : state_(std::make_unique<state>(
    state{detail::sqlite_handle{path, SQLITE_OPEN_READONLY, vfs}})) {
  if (!detail::has_journal(state_->handle, path))
    throw journal_error{path.string() + " is empty"};
}

journal_reader::~journal_reader() = default;

journal_cursor journal_reader::in_ledger_order() const {
  auto at = std::make_shared<ledger_place>();
  return {
    prepare(state_->handle,
            "where booted + uptime / 1000 >= ?2 and "
            "(booted + uptime / 1000, node, boot, sequence) > (?2, ?3, ?4, ?5) "
            "order by booted + uptime / 1000, node, boot, sequence"),
    {[at](sqlite_statement& query, int64_t rows) {
       query.bind_all(rows, at->time, std::string_view{at->node}, at->boot,
                      at->sequence);
     },
     [at](const sqlite_statement& row) {
       at->time = row.number(10) + row.number(11) / 1'000;
       at->node = row.text(0);
       at->boot = row.number(1);
       at->sequence = row.number(2);
     }}};
}

journal_cursor journal_reader::of_origin(const std::string& node, uint64_t boot,
                                         uint64_t first) const {
  constexpr uint64_t most = std::numeric_limits<int64_t>::max();
  auto after =
    std::make_shared<int64_t>(static_cast<int64_t>(std::min(first, most)) - 1);
  return {prepare(state_->handle,
                  "where origin = (select id from origins "
                  "where node = ?2 and boot = ?3) and sequence > ?4 "
                  "order by sequence"),
          {[=](sqlite_statement& query, int64_t rows) {
             query.bind_all(rows, std::string_view{node},
                            static_cast<int64_t>(boot), *after);
           },
           [=](const sqlite_statement& row) { *after = row.number(2); }}};
}

journal_cursor journal_reader::follow(int64_t id) const {
  auto after = std::make_shared<int64_t>(id);
  return {prepare(state_->handle, "where events.id > ?2 order by events.id"),
          {[=](sqlite_statement& query, int64_t rows) {
             query.bind_all(rows, *after);
           },
           [=](const sqlite_statement& row) { *after = row.number(15); }}};
}

int64_t journal_reader::last_id() const {
  return state_->handle.number("select max(id) from events");
}

std::vector<event_position> journal_reader::positions() const {
  auto query = state_->handle.prepare(
    "select node, boot, upto from origins order by node, boot");
  std::vector<event_position> result;
  while (query.step())
    result.push_back({std::string{query.text(0)},
                      static_cast<uint64_t>(query.number(1)),
                      static_cast<uint64_t>(query.number(2))});
  return result;
}

std::vector<journal_reader::removed_range> journal_reader::removed() const {
  // What is between two gaps, and between them and the ends, was here.
  auto query = state_->handle.prepare(
    "select node, boot, upto, first, last from origins left join gaps on "
    "gaps.origin = origins.id and first <= upto order by node, boot, first");
  std::vector<removed_range> result;
  std::vector<event_position> seen;
  uint64_t next = 1;
  auto close = [&] {
    if (!seen.empty() && next <= seen.back().upto)
      result.push_back(
        {seen.back().node, seen.back().boot, next, seen.back().upto});
  };
  while (query.step()) {
    event_position at{std::string{query.text(0)},
                      static_cast<uint64_t>(query.number(1)),
                      static_cast<uint64_t>(query.number(2))};
    if (seen.empty() || seen.back() != at) {
      close();
      seen.push_back(at);
      next = 1;
    }
    if (query.is_null(3))
      continue;
    auto first = static_cast<uint64_t>(query.number(3));
    if (next < first)
      result.push_back({at.node, at.boot, next, first - 1});
    next = static_cast<uint64_t>(query.number(4)) + 1;
  }
  close();
  return result;
}

std::vector<node_life> journal_reader::lives() const {
  auto query = state_->handle.prepare(
    "select boot, booted, last_seen, uptime, stopped from lives order by boot");
  std::vector<node_life> result;
  while (query.step())
    result.push_back({static_cast<uint64_t>(query.number(0)), query.time(1),
                      query.time(2), duration{query.number(3)},
                      query.text(4) == "cleanly"});
  return result;
}

} // namespace bulwark
