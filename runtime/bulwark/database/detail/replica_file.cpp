#include <bulwark/database/detail/changeset.hpp>
#include <bulwark/database/detail/replica_file.hpp>
#include <bulwark/database/replica_error.hpp>

#include <SQLiteCpp/Statement.h>

#include <memory>
#include <utility>

#include <sqlite3.h>

namespace bulwark::detail {

namespace {

constexpr auto replica_tables = R"(
create table if not exists bulwark_state (
  id integer primary key check (id = 1), promised integer not null,
  base_epoch integer not null, base_sequence integer not null,
  base_checksum integer not null);
insert or ignore into bulwark_state values (1, 0, 0, 0, 0);
create table if not exists bulwark_log (
  sequence integer primary key, epoch integer not null,
  predecessor integer not null, kind integer not null, request text not null,
  answer text not null, content blob not null);
create unique index if not exists bulwark_requests on bulwark_log (request)
  where request <> '';
create table if not exists bulwark_answers (
  request text primary key not null, epoch integer not null,
  sequence integer not null, answer text not null) without rowid;
create index if not exists bulwark_ages on bulwark_answers (sequence);)";

constexpr auto entry_columns =
  "select epoch, sequence, predecessor, kind, request, answer, content "
  "from bulwark_log ";

std::string entries_where(const char* rest) {
  std::string result = entry_columns;
  result += rest;
  return result;
}

// SQLite's integers are signed; the bits are what counts.
int64_t bits(uint64_t value) {
  return static_cast<int64_t>(value);
}

uint64_t number(SQLite::Statement& row, int column) {
  return static_cast<uint64_t>(row.getColumn(column).getInt64());
}

log_entry entry_of(SQLite::Statement& row) {
  return {number(row, 0),
          number(row, 1),
          number(row, 2),
          static_cast<entry_kind>(row.getColumn(3).getInt()),
          row.getColumn(4).getString(),
          row.getColumn(5).getString(),
          row.getColumn(6).getString()};
}

void install_ok(int code) {
  if (code != SQLITE_OK && code != SQLITE_DONE)
    throw replica_error{classify_sqlite(code),
                        std::string{"installing a snapshot: "}
                          + sqlite3_errstr(code)};
}

} // namespace

replica_file::replica_file(const std::filesystem::path& file)
  : db_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
  db_.exec("pragma journal_mode = wal; pragma synchronous = full");
  db_.exec("begin immediate");
  db_.exec(replica_tables);
  db_.exec("commit");
}

member_log replica_file::read_log(size_t kept_max) {
  SQLite::Statement state{db_, "select promised, base_epoch, base_sequence, "
                               "base_checksum from bulwark_state"};
  state.executeStep();
  log_index index{kept_max,
                  {number(state, 1), number(state, 2), number(state, 3)}};
  SQLite::Statement row{db_, entries_where("order by sequence")};
  while (row.executeStep()) {
    auto entry = entry_of(row);
    const auto& last = index.last();
    if (entry.sequence != last.sequence + 1
        || entry.predecessor != last.checksum)
      throw replica_error{database_error::node_failed,
                          "the log is damaged before entry "
                            + std::to_string(entry.sequence)
                            + "; remove the file, and the primary sends all"};
    index.append(position_of(entry));
  }
  return {number(state, 0), index};
}

void replica_file::obey_rules(bool on) {
  auto* db = db_.getHandle();
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, on ? 1 : 0, nullptr);
}

void replica_file::forget_before(const log_position& base, size_t remembered) {
  SQLite::Statement keep{db_, "insert or replace into bulwark_answers select "
                              "request, epoch, sequence, answer from "
                              "bulwark_log where sequence <= ? and request <> "
                              "''"};
  keep.bind(1, bits(base.sequence));
  keep.exec();
  SQLite::Statement drop{db_, "delete from bulwark_log where sequence <= ?"};
  drop.bind(1, bits(base.sequence));
  drop.exec();
  SQLite::Statement old{db_, "delete from bulwark_answers where sequence <= ?"};
  old.bind(1, bits(base.sequence) - bits(remembered));
  old.exec();
}

void replica_file::add(const log_entry& entry, const log_position& base,
                       size_t remembered, uint64_t promised) {
  forget_before(base, remembered);
  SQLite::Statement drop{db_, "delete from bulwark_log where sequence >= ?"};
  drop.bind(1, bits(entry.sequence));
  drop.exec();
  SQLite::Statement add{db_, "insert into bulwark_log (epoch, sequence, "
                             "predecessor, kind, request, answer, content) "
                             "values (?, ?, ?, ?, ?, ?, ?)"};
  add.bind(1, bits(entry.epoch));
  add.bind(2, bits(entry.sequence));
  add.bind(3, bits(entry.predecessor));
  add.bind(4, static_cast<int>(entry.kind));
  add.bind(5, entry.request);
  add.bind(6, entry.answer);
  add.bind(7, entry.content.data(), static_cast<int>(entry.content.size()));
  add.exec();
  SQLite::Statement state{db_, "update bulwark_state set promised = ?, "
                               "base_epoch = ?, base_sequence = ?, "
                               "base_checksum = ?"};
  state.bind(1, bits(promised));
  state.bind(2, bits(base.epoch));
  state.bind(3, bits(base.sequence));
  state.bind(4, bits(base.checksum));
  state.exec();
}

void replica_file::keep_promise(uint64_t promised) {
  SQLite::Statement state{db_, "update bulwark_state set promised = ?"};
  state.bind(1, bits(promised));
  state.exec();
}

bool replica_file::apply(const log_entry& entry) {
  switch (entry.kind) {
  case entry_kind::opening:
    return true;
  case entry_kind::change:
    return apply_changeset(db_.getHandle(), entry.content);
  case entry_kind::schema:
    return db_.tryExec(entry.content) == SQLITE_OK;
  }
  return false;
}

bool replica_file::undo_after(uint64_t sequence) {
  SQLite::Statement row{
    db_, entries_where("where sequence > ? order by sequence desc")};
  row.bind(1, bits(sequence));
  while (row.executeStep()) {
    auto entry = entry_of(row);
    if (entry.kind == entry_kind::schema)
      return false;
    if (entry.kind == entry_kind::change
        && !apply_changeset(db_.getHandle(), inverted_changeset(entry.content)))
      return false;
  }
  return true;
}

std::string replica_file::fault_of_tables() {
  SQLite::Statement row{
    db_,
    "select m.name, count(nullif(c.pk, 0)), "
    "max(c.pk > 0 and c.\"notnull\" = 0 and not (c.type = 'INTEGER' "
    "collate nocase and (select count(*) from pragma_table_info(m.name) "
    "where pk > 0) = 1)) from sqlite_master m, pragma_table_info(m.name) c "
    "where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\' "
    "and m.name not like 'bulwark\\_%' escape '\\' group by m.name"};
  while (row.executeStep()) {
    auto name = row.getColumn(0).getString();
    if (row.getColumn(1).getInt() == 0)
      return "the table " + name
             + " has no primary key, so its rows cannot be replicated; declare "
               "one";
    if (row.getColumn(2).getInt() != 0)
      return "the primary key of the table " + name
             + " may be NULL, and such rows cannot be replicated; declare it "
               "NOT NULL";
  }
  return "";
}

std::optional<write_answer>
replica_file::find_request(const std::string& request) {
  SQLite::Statement row{db_, "select epoch, sequence, answer from bulwark_log "
                             "where request = ?1 and request <> '' union all "
                             "select epoch, sequence, answer from "
                             "bulwark_answers where request = ?1"};
  row.bind(1, request);
  if (!row.executeStep())
    return std::nullopt;
  return write_answer{
    {number(row, 0), number(row, 1), 0}, row.getColumn(2).getString(), true};
}

std::vector<log_entry> replica_file::entries(uint64_t first, size_t count) {
  SQLite::Statement row{
    db_, entries_where("where sequence >= ? order by sequence limit "
                       "?")};
  row.bind(1, bits(first));
  row.bind(2, bits(count));
  std::vector<log_entry> result;
  while (row.executeStep())
    result.push_back(entry_of(row));
  return result;
}

std::string replica_file::image() {
  sqlite3_int64 size = 0;
  std::unique_ptr<unsigned char, void (*)(void*)> bytes{
    sqlite3_serialize(db_.getHandle(), "main", &size, 0), sqlite3_free};
  if (!bytes)
    throw replica_error{database_error::degraded,
                        "no memory for a snapshot of the database"};
  return {bytes.get(), bytes.get() + size};
}

void replica_file::install(std::string image) {
  // A database in memory has no write-ahead log; the two bytes that say
  // otherwise keep SQLite from reading it.
  constexpr size_t write_version = 18;
  constexpr size_t read_version = 19;
  if (image.size() <= read_version)
    throw replica_error{database_error::node_failed, "a snapshot is cut short"};
  image[write_version] = 1;
  image[read_version] = 1;
  SQLite::Database source{":memory:"};
  auto size = static_cast<sqlite3_int64>(image.size());
  install_ok(sqlite3_deserialize(source.getHandle(), "main",
                                 reinterpret_cast<unsigned char*>(image.data()),
                                 size, size, SQLITE_DESERIALIZE_READONLY));
  auto* copy =
    sqlite3_backup_init(db_.getHandle(), "main", source.getHandle(), "main");
  if (copy == nullptr)
    install_ok(sqlite3_errcode(db_.getHandle()));
  auto code = sqlite3_backup_step(copy, -1);
  sqlite3_backup_finish(copy);
  install_ok(code);
}

} // namespace bulwark::detail
