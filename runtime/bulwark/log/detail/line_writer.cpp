#include <bulwark/log/detail/line_writer.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

constexpr size_t piece_max = PIPE_BUF;
constexpr int poll_ms = 50;

duration::rep now_ticks() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

} // namespace

void line_writer::add(std::string_view line, size_t stands_for) {
  if (!waiting_.empty() && waiting_.size() + line.size() + 1 > piece_max)
    flush();
  waiting_ += line;
  waiting_ += '\n';
  lines_ += stands_for;
}

void line_writer::flush() {
  if (!write(waiting_))
    lost_ += lines_;
  waiting_.clear();
  lines_ = 0;
}

size_t line_writer::take_lost() noexcept {
  return std::exchange(lost_, 0);
}

void line_writer::hurry(duration patience) noexcept {
  give_up_at_ = now_ticks() + std::min(patience, option_duration_max).count();
}

bool line_writer::wait_until_writable() const {
  for (;;) {
    auto hurried = now_ticks() > give_up_at_;
    pollfd target{descriptor_, POLLOUT, 0};
    auto ready = ::poll(&target, 1, hurried ? 0 : poll_ms);
    if (ready > 0)
      return (target.revents & POLLNVAL) == 0;
    if (hurried || (ready < 0 && errno != EINTR))
      return false;
  }
}

bool line_writer::write(std::string_view data) {
  while (!data.empty()) {
    // A pipe that is writable takes PIPE_BUF bytes without blocking.
    if (!wait_until_writable())
      return false;
    auto piece = data.substr(0, piece_max);
    auto written = ::write(descriptor_, piece.data(), piece.size());
    if (written < 0 && errno != EINTR && errno != EAGAIN)
      return false;
    data.remove_prefix(static_cast<size_t>(std::max<ssize_t>(written, 0)));
  }
  return true;
}

} // namespace bulwark::detail
