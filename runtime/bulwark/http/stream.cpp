#include <bulwark/http/stream.hpp>

#include <utility>

namespace bulwark {

bool http_stream::write(std::string_view bytes) {
  {
    std::lock_guard guard{lock_};
    if (ended_ || waiting_.size() + being_sent_ + bytes.size() > waiting_max_)
      return false;
    waiting_ += bytes;
  }
  wake();
  return true;
}

void http_stream::end() {
  {
    std::lock_guard guard{lock_};
    ended_ = true;
  }
  wake();
}

void http_stream::abort() {
  {
    std::lock_guard guard{lock_};
    if (std::exchange(aborted_, true))
      return;
    ended_ = true;
    waiting_.clear();
  }
  wake();
}

bool http_stream::ended() const {
  std::lock_guard guard{lock_};
  return ended_;
}

bool http_stream::aborted() const {
  std::lock_guard guard{lock_};
  return aborted_;
}

size_t http_stream::waiting() const {
  std::lock_guard guard{lock_};
  return waiting_.size() + being_sent_;
}

void http_stream::wake_by(std::function<void()> wake) {
  std::lock_guard guard{lock_};
  wake_ = std::move(wake);
}

std::string http_stream::take(size_t most) {
  std::lock_guard guard{lock_};
  auto result = waiting_.substr(0, most);
  waiting_.erase(0, result.size());
  being_sent_ = result.size();
  return result;
}

void http_stream::left() {
  std::lock_guard guard{lock_};
  being_sent_ = 0;
}

/// Outside of the lock, because it may call back.
void http_stream::wake() const {
  std::function<void()> call;
  {
    std::lock_guard guard{lock_};
    call = wake_;
  }
  if (call)
    call();
}

} // namespace bulwark
