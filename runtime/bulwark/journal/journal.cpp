#include <bulwark/journal/detail/journal_writer.hpp>
#include <bulwark/journal/journal.hpp>

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace bulwark {

namespace {

/// Numbers that SQLite can hold.
bool fits(uint64_t boot, uint64_t number) {
  constexpr uint64_t most = std::numeric_limits<int64_t>::max();
  return boot <= most && number <= most;
}

journal_options checked(journal_options options) {
  if (auto bad = validate(options))
    throw std::invalid_argument{*bad};
  return options;
}

} // namespace

struct journal::state {
  explicit state(journal_options given)
    : options(checked(std::move(given))),
      lock(std::make_unique<detail::journal_lock>(options.path)),
      backlog(options),
      notices(backlog),
      reads(options.path, options.vfs),
      writer(options, backlog, notices, reads) {
    if (auto* file = writer.file()) {
      constexpr auto any = std::numeric_limits<int64_t>::max();
      last_life = file->life_before(any);
      largest_boot = file->largest_boot(options.node);
    }
  }

  const journal_options options;

  // Given back when the writer has ended, by whichever thread that is.
  std::unique_ptr<detail::journal_lock> lock;
  detail::journal_backlog backlog;
  detail::journal_notices notices;
  detail::journal_reads reads;
  detail::journal_writer writer;
  std::optional<node_life> last_life;
  uint64_t largest_boot = 0;

  std::mutex life_lock;
  node_life life;

  // Held by whoever ends the threads.
  std::mutex close_lock;

  std::mutex end_lock;
  std::condition_variable ended;
  bool writer_ended = false;
  bool wrote_all = false;
  std::thread writing;
  std::thread telling;
  std::thread reading;
};

journal::journal(journal_options options)
  : state_(std::make_shared<state>(std::move(options))) {
  auto& s = *state_;
  s.telling = std::thread{[own = state_] { own->notices.run(); }};
  s.reading = std::thread{[own = state_] { own->reads.run(); }};
  s.writing = std::thread{[own = state_] {
    own->writer.run();
    own->lock.reset();
    std::lock_guard guard{own->end_lock};
    own->writer_ended = true;
    own->ended.notify_all();
  }};
}

journal::~journal() {
  end(close_patience);
}

std::optional<node_life> journal::last_life() const {
  return state_->last_life;
}

uint64_t journal::next_boot(wall_time now) {
  auto& s = *state_;
  auto ticks = std::max<int64_t>(now.time_since_epoch().count(), 1);
  std::lock_guard guard{s.life_lock};
  s.life.boot = std::max(s.largest_boot + 1, static_cast<uint64_t>(ticks));
  s.life.booted = s.life.last_seen = now;
  s.backlog.set_boot(s.life.boot);
  // A boot that dies before its first sign of life has been there, too.
  s.backlog.set_life(s.life);
  return s.life.boot;
}

void journal::sign_of_life(wall_time now, duration uptime) noexcept {
  auto& s = *state_;
  std::lock_guard guard{s.life_lock};
  if (s.life.boot == 0)
    return;
  s.life.last_seen = now;
  s.life.uptime = uptime;
  s.backlog.set_life(s.life);
}

void journal::on_state(state_listener then) {
  state_->notices.on_state(std::move(then));
}

journal_stats journal::stats() const {
  return state_->backlog.stats();
}

bool journal::close(duration patience) noexcept {
  auto& s = *state_;
  {
    std::lock_guard guard{s.life_lock};
    s.life.stopped_cleanly = true;
    if (s.life.boot != 0)
      s.backlog.set_life(s.life);
  }
  return end(patience);
}

bool journal::end(duration patience) {
  auto& s = *state_;
  std::lock_guard alone{s.close_lock};
  std::unique_lock guard{s.end_lock};
  if (!s.writing.joinable())
    return s.wrote_all;
  s.backlog.close();
  auto in_time =
    s.ended.wait_for(guard, patience, [&s] { return s.writer_ended; });
  s.backlog.give_up();
  s.wrote_all = in_time;
  guard.unlock();
  s.notices.stop();
  s.reads.stop();
  // A thread that hangs on the disk is left to it.
  if (in_time) {
    s.writing.join();
    s.reading.join();
  } else {
    s.writing.detach();
    s.reading.detach();
  }
  s.telling.join();
  return s.wrote_all;
}

void journal::append(event what) noexcept {
  try {
    if (what.sequence != 0 && fits(what.boot, what.sequence))
      state_->backlog.add(std::move(what));
  } catch (...) {
    // Without memory for it: its position tells that it is not here.
  }
}

void journal::note_gap(std::string node, uint64_t boot, uint64_t from,
                       uint64_t to) noexcept {
  try {
    if (from != 0 && from <= to && fits(boot, to))
      state_->backlog.add_gap({std::move(node), boot, from, to});
  } catch (...) {
    // Without memory for it: its position has not moved.
  }
}

std::vector<event_position> journal::positions() const {
  return state_->notices.positions();
}

void journal::read(std::string node, uint64_t boot, uint64_t first, size_t max,
                   reader then) {
  state_->reads.add({std::move(node), boot, first, max, std::move(then)});
}

void journal::on_durable(durable_listener then) {
  state_->notices.on_durable(std::move(then));
}

} // namespace bulwark
