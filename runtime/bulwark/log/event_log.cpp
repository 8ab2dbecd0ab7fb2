#include <bulwark/log/detail/line_writer.hpp>
#include <bulwark/log/event_log.hpp>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/sink.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace bulwark {

namespace {

using pool = spdlog::details::thread_pool;

/// The end of the queue: runs in the pool's only thread.
class line_sink final : public spdlog::sinks::sink {
public:
  explicit line_sink(log_options options)
    : options_(std::move(options)), writer_(options_.descriptor) {}

  /// @pre called before the first line
  void watch(pool* queue) { queue_ = queue; }

  void log(const spdlog::details::log_msg& line) override {
    say_dropped();
    writer_.add({line.payload.data(), line.payload.size()});
    ++taken_;
    if (queue_->queue_size() != 0)
      return;
    writer_.flush();
    flushed_.store(taken_, std::memory_order_release);
  }

  /// How many lines were taken and are written. Safe to call from any thread.
  size_t flushed() const noexcept {
    return flushed_.load(std::memory_order_acquire);
  }

  void flush() override { writer_.flush(); }
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

  void hurry() { writer_.hurry(options_.close_patience); }

  /// Says what was dropped after the last line.
  /// @pre the pool's thread has ended
  void finish(size_t overrun) {
    say_dropped(overrun);
    writer_.flush();
  }

private:
  void say_dropped() { say_dropped(queue_->overrun_counter()); }

  void say_dropped(size_t overrun) {
    auto count = overrun - std::exchange(overrun_, overrun);
    count += writer_.take_lost();
    if (count == 0)
      return;
    event dropped;
    dropped.kind = event_kind::log_dropped;
    dropped.level = severity::medium;
    dropped.node = options_.node;
    dropped.component = "node/" + options_.node;
    dropped.at = options_.now();
    dropped.with("count", std::to_string(count));
    writer_.add(log_line(options_.format, dropped));
  }

  log_options options_;
  detail::line_writer writer_;
  pool* queue_ = nullptr;
  size_t overrun_ = 0;
  size_t taken_ = 0;
  std::atomic<size_t> flushed_{0};
};

} // namespace

struct event_log::state {
  explicit state(log_options given)
    : format(given.format),
      level(given.level),
      sink(std::make_shared<line_sink>(given)),
      threads(std::make_shared<pool>(given.queue_max, 1)),
      logger(std::make_shared<spdlog::async_logger>(
        "bulwark", sink, threads,
        spdlog::async_overflow_policy::overrun_oldest)) {
    sink->watch(threads.get());
  }

  log_format format;
  log_level level;
  std::shared_ptr<line_sink> sink;
  std::shared_ptr<pool> threads;
  std::shared_ptr<spdlog::async_logger> logger;

  std::atomic<size_t> lines{0};

  // Shared by those who write, so that none is inside when the log closes.
  std::shared_mutex writers;
  bool closed = false;
};

event_log::event_log(log_options options)
  : state_(std::make_shared<state>(std::move(options))) {}

event_log::~event_log() {
  close();
}

void event_log::write(const event& what) noexcept {
  if (level_of(what.level) < state_->level)
    return;
  try {
    std::shared_lock guard{state_->writers};
    if (state_->closed)
      return;
    state_->lines.fetch_add(1, std::memory_order_relaxed);
    state_->logger->log(spdlog::level::info, log_line(state_->format, what));
  } catch (...) {
    // Out of memory: the line is lost, its caller must not be.
  }
}

bool event_log::written() const noexcept {
  return state_->sink->flushed()
         >= state_->lines.load(std::memory_order_relaxed);
}

void event_log::close() noexcept {
  {
    std::unique_lock guard{state_->writers};
    if (std::exchange(state_->closed, true))
      return;
  }
  state_->sink->hurry();
  auto overrun = state_->threads->overrun_counter();
  state_->logger.reset();
  state_->threads.reset();
  state_->sink->finish(overrun);
}

} // namespace bulwark
