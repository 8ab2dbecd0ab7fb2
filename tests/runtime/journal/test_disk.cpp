#include "runtime/journal/test_disk.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <utility>

#include <sqlite3.h>

namespace test {

namespace {

constexpr std::chrono::seconds patience{20};

std::string content(const std::string& path, int64_t offset, int64_t size) {
  std::ifstream from{path, std::ios::binary};
  from.seekg(offset);
  std::string result(static_cast<size_t>(size), '\0');
  from.read(result.data(), size);
  result.resize(static_cast<size_t>(from.gcount()));
  return result;
}

} // namespace

void test_disk::be(disk_mood mood) {
  std::lock_guard guard{lock_};
  mood_ = mood;
  refusals_ = 0;
}

void test_disk::hold_syncs() {
  std::lock_guard guard{lock_};
  hold_ = true;
}

void test_disk::release_syncs() {
  std::lock_guard guard{lock_};
  hold_ = false;
  changed_.notify_all();
}

void test_disk::await_held_sync() {
  std::unique_lock guard{lock_};
  if (!changed_.wait_for(guard, patience, [this] { return held_ > 0; }))
    throw std::runtime_error{"no sync came"};
}

void test_disk::await_refusal() {
  std::unique_lock guard{lock_};
  if (!changed_.wait_for(guard, patience, [this] { return refusals_ > 0; }))
    throw std::runtime_error{"nothing was refused"};
}

uint64_t test_disk::syncs() const {
  std::lock_guard guard{lock_};
  return syncs_;
}

void test_disk::refused() {
  std::lock_guard guard{lock_};
  ++refusals_;
  changed_.notify_all();
}

int test_disk::before_write() {
  std::lock_guard guard{lock_};
  switch (mood_) {
  case disk_mood::full:
    return SQLITE_FULL;
  case disk_mood::read_only:
    return SQLITE_READONLY;
  default:
    return SQLITE_OK;
  }
}

bool test_disk::writes_half() const {
  std::lock_guard guard{lock_};
  return mood_ == disk_mood::half_writes;
}

void test_disk::wrote(const std::string& path, int64_t offset, int64_t size) {
  std::lock_guard guard{lock_};
  images_[path].dirty.emplace_back(offset, size);
}

void test_disk::truncated(const std::string& path, int64_t size) {
  std::lock_guard guard{lock_};
  auto& bytes = images_[path].bytes;
  bytes.resize(std::min(bytes.size(), static_cast<size_t>(size)));
}

void test_disk::removed(const std::string& path) {
  std::lock_guard guard{lock_};
  images_.erase(path);
}

int test_disk::sync(const std::string& path) {
  std::unique_lock guard{lock_};
  ++held_;
  changed_.notify_all();
  changed_.wait(guard, [this] { return !hold_; });
  --held_;
  ++syncs_;
  auto& known = images_[path];
  auto dirty = std::exchange(known.dirty, {});
  if (mood_ == disk_mood::no_sync) {
    ++refusals_;
    changed_.notify_all();
    return SQLITE_IOERR_FSYNC;
  }
  for (const auto& [offset, size] : dirty) {
    auto written = content(path, offset, size);
    auto end = static_cast<size_t>(offset) + written.size();
    known.bytes.resize(std::max(known.bytes.size(), end));
    known.bytes.replace(static_cast<size_t>(offset), written.size(), written);
  }
  return SQLITE_OK;
}

void test_disk::cut_power(const std::filesystem::path& from,
                          const std::filesystem::path& to) const {
  std::lock_guard guard{lock_};
  for (const auto& [path, known] : images_) {
    std::filesystem::path file{path};
    // The index of the write-ahead file is memory.
    if (file.parent_path() != from || path.ends_with("-shm"))
      continue;
    std::ofstream out{to / file.filename(), std::ios::binary};
    out.write(known.bytes.data(),
              static_cast<std::streamsize>(known.bytes.size()));
  }
}

} // namespace test
