#include <bulwark/journal/detail/journal_file.hpp>
#include <bulwark/journal/detail/journal_schema.hpp>

#include <sqlite3.h>

namespace bulwark::detail {

namespace {

// How long a checkpoint waits for readers.
constexpr int readers_wait_ms = 100;

void look_through(const sqlite_handle& what) {
  auto check = what.prepare("pragma quick_check(1)");
  if (check.step() && check.text(0) != "ok")
    throw sqlite_fault{SQLITE_CORRUPT, std::string{check.text(0)}};
}

} // namespace

journal_file::journal_file(const journal_options& options)
  : handle_(options.path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
            options.vfs) {
  sqlite3_busy_timeout(handle_.get(), readers_wait_ms);
  prepare_file(options);
  if (!handle_.checkpoint(true))
    throw sqlite_fault{SQLITE_BUSY, "a reader keeps the write-ahead file"};
  insert_.emplace(handle_);
  begin_.emplace(handle_.prepare("begin immediate"));
  commit_.emplace(handle_.prepare("commit"));
  move_.emplace(handle_.prepare("update origins set upto = ? where id = ?"));
  next_id_ = handle_.number("select max(id) from events") + 1;
  page_size_ = static_cast<uint64_t>(handle_.number("pragma page_size"));
  forget_origins();
  load_origins();
}

void journal_file::prepare_file(const journal_options& options) {
  auto known = has_journal(handle_, options.path);
  handle_.run("pragma journal_mode = wal");
  // Checkpoints are ours: SQLite's own would let the file grow with a reader.
  handle_.run("pragma wal_autocheckpoint = 0");
  handle_.run(options.sync == journal_sync::full
                ? "pragma synchronous = full"
                : "pragma synchronous = normal");
  sqlite3_wal_hook(
    handle_.get(),
    [](void* self, sqlite3*, const char*, int pages) {
      static_cast<journal_file*>(self)->wal_pages_ =
        static_cast<uint64_t>(pages);
      return SQLITE_OK;
    },
    this);
  if (!known)
    return make_journal(handle_);
  page_size_ = static_cast<uint64_t>(handle_.number("pragma page_size"));
  auto pages = static_cast<uint64_t>(handle_.number("pragma page_count"));
  if (pages * page_size_ <= check_max)
    look_through(handle_);
}

void journal_file::check(const journal_options& options) {
  // A connection of its own, because an older one remembers sound pages.
  look_through({options.path, SQLITE_OPEN_READONLY, options.vfs});
}

void journal_file::forget_origins() {
  auto most = std::to_string(origins_max);
  handle_.run("delete from origins where id in (select id from origins where "
              "not exists (select 1 from events where origin = origins.id) "
              "order by boot desc limit -1 offset "
              + most + ")");
  handle_.run("delete from gaps where origin not in (select id from origins)");
  handle_.run("delete from lives where boot in (select boot from lives "
              "order by boot desc limit -1 offset "
              + most + ")");
}

void journal_file::load_origins() {
  auto query = handle_.prepare("select id, node, boot, upto from origins");
  while (query.step()) {
    event_position found{std::string{query.text(1)},
                         static_cast<uint64_t>(query.number(2)),
                         static_cast<uint64_t>(query.number(3))};
    auto id = query.number(0);
    origin_ids_.emplace(origin_name{found.node, found.boot}, id);
    load_numbers(id, found);
    found.upto = positions_.upto(found.node, found.boot);
    origins_.emplace(id, std::move(found));
  }
}

void journal_file::load_numbers(int64_t origin, const event_position& of) {
  auto add = [&](int64_t first, int64_t last) {
    positions_.add(of.node, of.boot, static_cast<uint64_t>(first),
                   static_cast<uint64_t>(last));
  };
  auto upto = static_cast<int64_t>(of.upto);
  add(1, upto);
  auto events = handle_.prepare("select sequence from events where origin = ? "
                                "and sequence > ? order by sequence");
  events.bind_all(origin, upto);
  while (events.step())
    add(events.number(0), events.number(0));
  auto gaps = handle_.prepare("select first, last from gaps where origin = ? "
                              "and last > ? order by first");
  gaps.bind_all(origin, upto);
  while (gaps.step())
    add(gaps.number(0), gaps.number(1));
}

int64_t journal_file::origin_of(const std::string& node, uint64_t boot) {
  origin_name name{node, boot};
  if (auto at = origin_ids_.find(name); at != origin_ids_.end())
    return at->second;
  auto insert =
    handle_.prepare("insert into origins(node, boot) values (?, ?)");
  insert.bind_all(std::string_view{node}, static_cast<int64_t>(boot));
  insert.run();
  auto id = sqlite3_last_insert_rowid(handle_.get());
  origin_ids_.emplace(std::move(name), id);
  origins_.emplace(id, event_position{node, boot, 0});
  return id;
}

std::vector<event_position> journal_file::write(const journal_group& what) {
  begin_->run();
  std::set<int64_t> touched;
  for (const auto& entry : what.events)
    write_event(entry, touched);
  for (const auto& gap : what.gaps)
    write_gap(gap, touched);
  if (what.life)
    write_life(*what.life);
  auto moved = move(touched);
  commit_->run();
  return moved;
}

void journal_file::write_event(const event& what, std::set<int64_t>& touched) {
  if (positions_.contains(what.node, what.boot, what.sequence)
      || !positions_.add(what.node, what.boot, what.sequence, what.sequence))
    return;
  auto origin = origin_of(what.node, what.boot);
  insert_->run(next_id_++, origin, what);
  touched.insert(origin);
}

void journal_file::write_gap(const event_gap& what,
                             std::set<int64_t>& touched) {
  if (!positions_.add(what.node, what.boot, what.first, what.last))
    return;
  auto origin = origin_of(what.node, what.boot);
  auto insert = handle_.prepare("insert or replace into gaps values (?, ?, ?)");
  insert.bind_all(origin, static_cast<int64_t>(what.first),
                  static_cast<int64_t>(what.last));
  insert.run();
  touched.insert(origin);
}

void journal_file::write_life(const node_life& what) {
  auto insert =
    handle_.prepare("insert or replace into lives values (?, ?, ?, ?, ?)");
  insert.bind_all(static_cast<int64_t>(what.boot), what.booted, what.last_seen,
                  int64_t{what.uptime.count()},
                  std::string_view{what.stopped_cleanly ? "cleanly" : "no"});
  insert.run();
}

std::vector<event_position>
journal_file::move(const std::set<int64_t>& touched) {
  std::vector<event_position> moved;
  for (auto id : touched) {
    auto& known = origins_.at(id);
    auto upto = positions_.upto(known.node, known.boot);
    // Nothing but 0 may be news: the origin may be.
    if (upto == known.upto && upto != 0)
      continue;
    known.upto = upto;
    move_->bind_all(static_cast<int64_t>(upto), id);
    move_->run();
    moved.push_back(known);
  }
  return moved;
}

bool journal_file::truncate_wal() {
  if (!handle_.checkpoint(true))
    return false;
  wal_pages_ = 0;
  return true;
}

std::optional<node_life> journal_file::life_before(uint64_t before) const {
  auto query =
    handle_.prepare("select boot, booted, last_seen, uptime, stopped "
                    "from lives where boot < ? order by boot desc");
  query.bind_all(static_cast<int64_t>(before));
  if (!query.step())
    return std::nullopt;
  return node_life{static_cast<uint64_t>(query.number(0)), query.time(1),
                   query.time(2), duration{query.number(3)},
                   query.text(4) == "cleanly"};
}

uint64_t journal_file::largest_boot(const std::string& node) const {
  auto query = handle_.prepare("select max(boot) from origins where node = ?");
  query.bind_all(std::string_view{node});
  auto largest = query.step() ? query.number(0) : 0;
  return static_cast<uint64_t>(
    std::max(largest, handle_.number("select max(boot) from lives")));
}

} // namespace bulwark::detail
