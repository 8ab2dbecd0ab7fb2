#include <bulwark/cluster/detail/wire/connection.hpp>

#include <array>
#include <system_error>
#include <utility>

#include <sys/socket.h>

namespace bulwark::detail {

namespace {

/// Others get their turn after this many blocks.
constexpr int blocks_at_once = 64;

/// So often what the other side has sent is read at the end.
constexpr int last_reads = 16;

} // namespace

connection::connection(uint64_t number, wire_side which, int fd, time_point now)
  : id(number),
    side(which),
    remote(remote_of(fd)),
    fd_(fd),
    opened_(now),
    progress_(now),
    sent_at_(now) {}

void connection::append(std::string_view bytes, time_point now) {
  std::lock_guard guard{lock_};
  if (queue_.empty())
    progress_ = now;
  queue_.append(bytes);
}

connection::state connection::send(time_point now) {
  std::lock_guard guard{lock_};
  return send_locked(now);
}

connection::state connection::send_locked(time_point now) {
  if (fd_ < 0)
    return state::held;
  for (int i = 0; i < blocks_at_once && !queue_.empty(); ++i) {
    if (faults_.mute)
      return state::held;
    auto done = send_some(fd_, queue_.front());
    if (done.what == transfer::kind::again)
      return state::waits;
    if (done.what != transfer::kind::done) {
      if (reason_.empty())
        reason_ = std::generic_category().message(done.error);
      return state::failed;
    }
    queue_.sent(done.bytes);
    progress_ = sent_at_ = now;
  }
  return queue_.empty() ? state::idle : state::waits;
}

connection::state connection::beat(duration every, time_point now) {
  std::lock_guard guard{lock_};
  if (queue_.empty() && now - sent_at_ < every)
    return state::idle;
  if (queue_.empty()) {
    std::array<char, frame_header::size> bytes{};
    write_header({.kind = static_cast<uint8_t>(frame_kind::heartbeat)}, bytes);
    progress_ = now;
    queue_.append({bytes.data(), bytes.size()});
  }
  return send_locked(now);
}

transfer connection::receive(std::span<char> into) noexcept {
  std::lock_guard guard{lock_};
  if (fd_ < 0 || !faults_.reads())
    return {};
  return receive_some(fd_, into);
}

void connection::say_goodbye() noexcept {
  std::lock_guard guard{lock_};
  if (fd_ < 0)
    return;
  ::shutdown(fd_, SHUT_WR);
  std::array<char, 16'384> unread; // NOLINT(*-member-init): written first
  for (int i = 0; i < last_reads; ++i)
    if (receive_some(fd_, unread).what != transfer::kind::done)
      return;
}

void connection::close() noexcept {
  std::lock_guard guard{lock_};
  fd_ = -1;
  queue_.clear();
}

wire_times connection::times() const {
  std::lock_guard guard{lock_};
  wire_times result;
  result.opened = opened_;
  result.progress = progress_;
  result.waiting = queue_.size();
  result.shaken = !node_.empty();
  return result;
}

duration connection::silence(time_point now) const {
  std::lock_guard guard{lock_};
  if (fd_ < 0)
    return duration{0};
  return faults_.unheard ? std::max(silence_of(fd_), now - unheard_since_)
                         : silence_of(fd_);
}

size_t connection::waiting() const {
  std::lock_guard guard{lock_};
  return queue_.size();
}

void connection::meet(std::string node) {
  std::lock_guard guard{lock_};
  node_ = std::move(node);
}

std::string connection::node() const {
  std::lock_guard guard{lock_};
  return node_;
}

void connection::blame(std::string reason) {
  std::lock_guard guard{lock_};
  if (reason_.empty())
    reason_ = std::move(reason);
}

std::string connection::reason() const {
  std::lock_guard guard{lock_};
  return reason_;
}

void connection::set_faults(const wire_faults& what, time_point now) {
  std::lock_guard guard{lock_};
  if (what.unheard && !faults_.unheard)
    unheard_since_ = now;
  faults_ = what;
}

wire_faults connection::faults() const {
  std::lock_guard guard{lock_};
  return faults_;
}

} // namespace bulwark::detail
