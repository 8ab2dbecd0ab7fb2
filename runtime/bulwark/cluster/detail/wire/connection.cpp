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

connection::connection(uint64_t number, wire_side which, int fd,
                       std::shared_ptr<const tls_context> tls, time_point now)
  : id(number),
    side(which),
    remote(remote_of(fd)),
    fd_(fd),
    tls_(tls ? std::make_unique<tls_channel>(std::move(tls), fd, which)
             : nullptr),
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
    auto done =
      tls_ ? tls_->send(queue_.front()) : send_some(fd_, queue_.front());
    if (done.what != transfer::kind::done)
      return ended_locked(done);
    queue_.sent(done.bytes);
    progress_ = sent_at_ = now;
  }
  return queue_.empty() ? state::idle : state::waits;
}

connection::state connection::ended_locked(const transfer& how) {
  if (how.what == transfer::kind::again) {
    blocked_ = tls_ && tls_->needs_bytes();
    return blocked_ ? state::held : state::waits;
  }
  if (reason_.empty())
    reason_ = how.error == 0 && tls_
                ? tls_->reason()
                : std::generic_category().message(how.error);
  return state::failed;
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

transfer connection::receive(std::span<char> into) {
  std::lock_guard guard{lock_};
  if (fd_ < 0 || !faults_.reads())
    return {};
  if (!tls_)
    return receive_some(fd_, into);
  auto result = tls_->receive(into);
  if (result.what == transfer::kind::failed && result.error == 0
      && reason_.empty())
    reason_ = tls_->reason();
  return result;
}

bool connection::resumes() {
  std::lock_guard guard{lock_};
  return std::exchange(blocked_, false);
}

bool connection::needs_room() const {
  std::lock_guard guard{lock_};
  return tls_ && tls_->needs_room();
}

bool connection::pending() const {
  std::lock_guard guard{lock_};
  return tls_ && tls_->pending();
}

void connection::say_goodbye() noexcept {
  std::lock_guard guard{lock_};
  if (fd_ < 0)
    return;
  if (tls_)
    tls_->say_goodbye();
  ::shutdown(fd_, SHUT_WR);
  std::array<char, 16'384> unread; // NOLINT(*-member-init): written first
  for (int i = 0; i < last_reads; ++i)
    if (receive_some(fd_, unread).what != transfer::kind::done)
      return;
}

void connection::close() noexcept {
  std::lock_guard guard{lock_};
  fd_ = -1;
  if (tls_)
    certified_ = tls_->names();
  tls_.reset();
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

std::vector<std::string> connection::certified() const {
  std::lock_guard guard{lock_};
  return tls_ ? tls_->names() : certified_;
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
