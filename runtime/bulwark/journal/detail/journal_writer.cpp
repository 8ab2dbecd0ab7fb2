#include <bulwark/journal/detail/journal_writer.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

namespace bulwark::detail {

namespace {

namespace fs = std::filesystem;

// Groups after which old events are looked for, sign of life or not.
constexpr uint64_t retention_gap = 100;

// By how much the write-ahead file grows before its content is written into
// the file.
constexpr uint64_t checkpoint_gap = uint64_t{4} << 20;

// How often readers are made to let go of a large write-ahead file.
constexpr std::chrono::seconds ask_gap{1};

std::string timestamp() {
  auto now = std::chrono::time_point_cast<wall_time::duration>(
    std::chrono::system_clock::now());
  auto result = to_text(wall_time{now});
  std::replace(result.begin(), result.end(), ':', '-');
  return result;
}

/// Returns a path that nothing has.
std::string free_path(const std::string& wanted) {
  std::error_code error;
  auto result = wanted;
  for (int i = 2; fs::exists(result, error); ++i)
    result = wanted + "-" + std::to_string(i);
  return result;
}

/// Moves a file of SQLite with what belongs to it. Returns what refused it.
std::error_code move_files(const std::string& from, const std::string& to) {
  std::error_code error;
  // The file last: a write-ahead file must not come to a new one.
  for (const auto* part : {"-wal", "-shm", ""}) {
    if (!fs::exists(from + part, error) && !error)
      continue;
    if (!error)
      fs::rename(from + part, to + part, error);
    if (error)
      return error;
  }
  return error;
}

} // namespace

journal_writer::journal_writer(const journal_options& options,
                               journal_backlog& from, journal_notices& to,
                               journal_reads& reads)
  : options_(options),
    from_(from),
    to_(to),
    reads_(reads),
    delay_(options.retry_initial) {
  try {
    open();
  } catch (const sqlite_fault& fault) {
    on_fault(fault);
  }
}

void journal_writer::open() {
  file_ = std::make_unique<journal_file>(options_);
  checked_bytes_ = 0;
  retention_ = journal_retention{};
  to_.set_positions(file_->positions());
}

void journal_writer::run() {
  while (auto group = from_.take()) {
    if (write(*group)) {
      maintain(*group);
      continue;
    }
    from_.put_back(std::move(*group));
    from_.pause(delay_);
    delay_ = std::min(2 * delay_, options_.retry_max);
  }
  file_.reset();
}

/// Looks often, so that a delay ends with its experiment.
bool journal_writer::is_in_trouble() {
  if (!options_.trouble)
    return false;
  constexpr std::chrono::milliseconds look_every{5};
  auto now = options_.trouble();
  for (duration past{0}; !now.full && past < now.delay; past += look_every) {
    std::this_thread::sleep_for(look_every);
    now = options_.trouble();
  }
  if (now.full)
    to_.set_fault("cannot write " + options_.path.string()
                  + ": an experiment has made the disk full");
  return now.full;
}

bool journal_writer::write(const journal_group& what) {
  if (is_in_trouble())
    return false;
  try {
    if (!file_)
      open();
    auto moved = file_->write(what);
    from_.confirm(what);
    to_.set_fault({});
    to_.move(moved);
    delay_ = options_.retry_initial;
  } catch (const sqlite_fault& fault) {
    on_fault(fault);
    return false;
  } catch (const std::exception& other) {
    // Without memory, or the file has become another program's.
    file_.reset();
    to_.set_fault(other.what());
    return false;
  }
  return true;
}

void journal_writer::maintain(const journal_group& written) {
  try {
    if (reads_.take_damage())
      journal_file::check(options_);
    retain(written);
    shorten_wal();
  } catch (const sqlite_fault& fault) {
    on_fault(fault);
  }
}

void journal_writer::retain(const journal_group& written) {
  if (written.life)
    alive_ = written.life->last_seen;
  if (written.life || ++groups_ % retention_gap == 0)
    retention_due_ = true;
  if (!retention_due_)
    return;
  using ticks = wall_time::duration;
  retention_limits limits{wall_time::min(), options_.retention_size};
  if (alive_)
    limits.oldest =
      *alive_ - std::chrono::duration_cast<ticks>(options_.retention_age);
  retention_due_ = retention_.step(file_->handle(), limits);
}

void journal_writer::shorten_wal() {
  auto bytes = file_->wal_bytes();
  checked_bytes_ = std::min(checked_bytes_, bytes);
  if (bytes > options_.wal_size) {
    auto now = std::chrono::steady_clock::now();
    if (now < ask_at_)
      return;
    ask_at_ = now + ask_gap;
    if (file_->truncate_wal())
      told_of_reader_ = false;
    else if (!std::exchange(told_of_reader_, true))
      to_.say("a reader keeps the write-ahead file of " + options_.path.string()
              + " from being emptied; it has " + std::to_string(bytes >> 20)
              + " MiB");
  } else if (bytes - checked_bytes_ > checkpoint_gap) {
    file_->handle().checkpoint(false);
    checked_bytes_ = bytes;
  }
}

void journal_writer::on_fault(const sqlite_fault& what) {
  file_.reset();
  to_.set_fault("cannot write " + options_.path.string() + ": " + what.what());
  if (what.is_corrupt())
    move_aside(what.what());
}

void journal_writer::move_aside(const std::string& why) {
  auto from = options_.path.string();
  auto to = free_path(from + ".corrupt-" + timestamp());
  if (auto error = move_files(from, to)) {
    to_.set_fault("cannot move the damaged journal " + from
                  + " aside: " + error.message());
    return;
  }
  reads_.reopen();
  to_.say("the journal " + from + " is damaged: " + why + "; it was moved to "
          + to + ", and a new one begun");
  try {
    open();
    to_.set_fault({});
  } catch (const sqlite_fault& fault) {
    file_.reset();
    to_.set_fault("cannot write " + from + ": " + fault.what());
  }
}

} // namespace bulwark::detail
