#include <bulwark/containers/detail/line_queue.hpp>
#include <bulwark/log/detail/line_writer.hpp>
#include <bulwark/log/event_log.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace bulwark {

namespace {

/// How long `close` tries to say what was lost, when it has given up the rest.
constexpr auto last_patience = std::chrono::milliseconds{200};

line_rank rank_of(const event& what) {
  return classify(what.kind) == event_class::change ? line_rank::ordinary
                                                    : line_rank::precious;
}

} // namespace

/// The queue is guarded by the lock; the writer is the thread's own.
struct event_log::state {
  explicit state(log_options given)
    : options(std::move(given)),
      level(options.level),
      queue(options.queue_max),
      writer(options.descriptor) {}

  /// The next line, how many were dropped before it, and whether none waits
  /// behind it.
  struct next_line {
    std::string text;
    uint64_t dropped = 0;
    bool last = false;
  };

  void run() noexcept;
  std::optional<next_line> await_line();
  void write(const next_line& what) noexcept;
  void say_dropped(uint64_t count);

  const log_options options;
  std::atomic<log_level> level;
  std::mutex lock;
  std::condition_variable changed;
  line_queue queue;
  bool closed = false;
  std::atomic<bool> written{true};
  detail::line_writer writer;
  std::thread thread;
};

void event_log::state::run() noexcept {
  while (auto line = await_line())
    write(*line);
  // What could not be written is lost; how much that was must not be.
  writer.hurry(last_patience);
  write({{}, 0, true});
}

/// Takes one line at a time, so that of those that wait the right ones are
/// dropped. Nothing: the log is closed and empty.
std::optional<event_log::state::next_line> event_log::state::await_line() {
  std::unique_lock guard{lock};
  if (queue.size() == 0)
    written.store(true, std::memory_order_release);
  changed.wait(guard, [this] { return closed || queue.size() > 0; });
  auto dropped = queue.take_dropped();
  auto line = queue.take();
  if (!line)
    return std::nullopt;
  return next_line{std::move(*line), dropped, queue.size() == 0};
}

void event_log::state::write(const next_line& what) noexcept {
  try {
    say_dropped(what.dropped);
    if (!what.text.empty())
      writer.add(what.text);
    if (what.last)
      writer.flush();
  } catch (...) {
    // Out of memory: the line is lost, the log is not.
  }
}

/// The count stays due until its line was written.
void event_log::state::say_dropped(uint64_t count) {
  count += writer.take_lost();
  if (count == 0)
    return;
  event dropped;
  dropped.kind = event_kind::log_dropped;
  dropped.level = severity::medium;
  dropped.node = options.node;
  dropped.component = "node/" + options.node;
  dropped.at = options.now();
  dropped.with("count", std::to_string(count));
  writer.add(log_line(options.format, dropped), count);
}

event_log::event_log(log_options options)
  : state_(std::make_unique<state>(std::move(options))) {
  state_->thread = std::thread{[this] { state_->run(); }};
}

event_log::~event_log() {
  close();
}

void event_log::write(const event& what) noexcept {
  if (level_of(what.level) < level())
    return;
  try {
    auto line = log_line(state_->options.format, what);
    {
      std::lock_guard guard{state_->lock};
      if (state_->closed)
        return;
      state_->queue.add(std::move(line), rank_of(what));
      state_->written.store(false, std::memory_order_relaxed);
    }
    state_->changed.notify_one();
  } catch (...) {
    // Out of memory: the line is lost, its caller must not be.
  }
}

void event_log::set_level(log_level level) noexcept {
  state_->level.store(level, std::memory_order_relaxed);
}

log_level event_log::level() const noexcept {
  return state_->level.load(std::memory_order_relaxed);
}

bool event_log::written() const noexcept {
  return state_->written.load(std::memory_order_acquire);
}

void event_log::close() noexcept {
  {
    std::lock_guard guard{state_->lock};
    if (std::exchange(state_->closed, true))
      return;
  }
  state_->changed.notify_one();
  state_->writer.hurry(state_->options.close_patience);
  state_->thread.join();
}

} // namespace bulwark
