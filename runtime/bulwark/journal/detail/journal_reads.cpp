#include <bulwark/journal/detail/journal_reads.hpp>
#include <bulwark/journal/detail/sqlite_handle.hpp>

#include <algorithm>
#include <utility>

namespace bulwark::detail {

journal_reads::journal_reads(std::filesystem::path path, std::string vfs)
  : path_(std::move(path)), vfs_(std::move(vfs)) {}

void journal_reads::add(request what) {
  {
    std::lock_guard guard{lock_};
    if (!stopped_ && requests_.size() < requests_max) {
      requests_.push_back(std::move(what));
      what.then = nullptr;
    }
  }
  changed_.notify_all();
  if (what.then)
    answer(what, {});
}

void journal_reads::reopen() {
  std::lock_guard guard{lock_};
  stale_ = true;
}

void journal_reads::stop() {
  {
    std::lock_guard guard{lock_};
    stopped_ = true;
  }
  changed_.notify_all();
}

std::optional<journal_reads::request> journal_reads::take() {
  std::unique_lock guard{lock_};
  changed_.wait(guard, [this] { return stopped_ || !requests_.empty(); });
  if (std::exchange(stale_, false))
    reader_.reset();
  if (requests_.empty())
    return std::nullopt;
  auto result = std::move(requests_.front());
  requests_.pop_front();
  return result;
}

void journal_reads::run() {
  while (auto next = take()) {
    auto stopped = [this] {
      std::lock_guard guard{lock_};
      return stopped_;
    }();
    answer(*next, stopped ? std::vector<event>{} : find(*next));
  }
  reader_.reset();
}

std::vector<event> journal_reads::find(const request& what) {
  try {
    if (!reader_)
      reader_.emplace(path_, vfs_);
    return reader_->of_origin(what.node, what.boot, what.first)
      .next(std::min(what.max, event_store::read_max));
  } catch (const sqlite_fault& fault) {
    if (fault.is_corrupt())
      met_damage_ = true;
  } catch (...) {
    // As with a disk that refuses.
  }
  // Whoever asked asks again; a new connection may do better.
  reader_.reset();
  return {};
}

void journal_reads::answer(const request& what,
                           std::vector<event> found) noexcept {
  try {
    what.then(std::move(found));
  } catch (...) {
    // A reader that fails is none of ours.
  }
}

} // namespace bulwark::detail
