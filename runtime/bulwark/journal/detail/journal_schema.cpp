#include <bulwark/journal/detail/journal_schema.hpp>
#include <bulwark/journal/journal_error.hpp>

namespace bulwark::detail {

namespace {

// Everything is appended to: rows by id, numbers within their origin, times.
// Words are stored as words, so that a person and another version can read
// them. `events_by_time` is in the order of `ledger_time`.
constexpr auto tables = R"(
create table origins(
  id integer primary key,
  node text not null,
  boot integer not null,
  upto integer not null default 0,
  unique(node, boot));
create table events(
  id integer primary key,
  origin integer not null,
  sequence integer not null,
  kind text not null,
  level text not null,
  failure text not null,
  type_word text not null,
  component text not null,
  incarnation integer not null,
  at integer not null,
  booted integer not null,
  uptime integer not null,
  downtime integer,
  reason text not null,
  metadata text not null);
create unique index events_by_number on events(origin, sequence);
create index events_by_time on events(booted + uptime / 1000);
create table gaps(
  origin integer not null,
  first integer not null,
  last integer not null,
  primary key(origin, first)) without rowid;
create table lives(
  boot integer primary key,
  booted integer not null,
  last_seen integer not null,
  uptime integer not null,
  stopped text not null);
create table meta(key text primary key, value text not null) without rowid;
insert into meta values('units',
  'at, booted, last_seen: us since 1970, UTC; uptime, downtime: ns');
)";

} // namespace

bool has_journal(const sqlite_handle& in, const std::filesystem::path& path) {
  auto application = in.number("pragma application_id");
  auto version = in.number("pragma user_version");
  if (application == journal_application) {
    if (version / 1'000 > journal_version / 1'000)
      throw journal_error{"the journal " + path.string() + " has version "
                          + std::to_string(version / 1'000)
                          + "; this program reads versions up to "
                          + std::to_string(journal_version / 1'000)};
    return true;
  }
  if (application != 0 || in.number("select count(*) from sqlite_master") != 0)
    throw journal_error{path.string() + " is a database, but not a journal"};
  return false;
}

void make_journal(sqlite_handle& in) {
  in.run("begin immediate");
  in.run(tables);
  in.run("pragma application_id = " + std::to_string(journal_application)
         + "; pragma user_version = " + std::to_string(journal_version));
  in.run("commit");
}

} // namespace bulwark::detail
