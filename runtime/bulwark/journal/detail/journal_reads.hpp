#pragma once

#include <bulwark/events/event_store.hpp>
#include <bulwark/journal/journal_reader.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

namespace bulwark::detail {

/// Reads from a journal for others, in a thread of its own and on a connection
/// of its own: what is read does not wait for what is written. A request that
/// comes while `requests_max` wait, or that the disk refuses, is answered
/// without events.
///
/// Safe to call from any thread.
class journal_reads {
public:
  static constexpr size_t requests_max = 256;

  struct request {
    std::string node;
    uint64_t boot = 0;
    uint64_t first = 0;
    size_t max = 0;
    event_store::reader then;
  };

  journal_reads(std::filesystem::path path, std::string vfs);

  void add(request what);

  /// The file is another one from now on.
  void reopen();

  /// Returns whether a read since the last call has met a damaged file.
  bool take_damage() noexcept { return met_damage_.exchange(false); }

  /// Answers requests until `stop`.
  void run();

  /// Lets `run` return. What waits is answered without events.
  void stop();

private:
  std::optional<request> take();
  std::vector<event> find(const request& what);
  static void answer(const request& what, std::vector<event> found) noexcept;

  std::filesystem::path path_;
  std::string vfs_;
  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<request> requests_;
  bool stopped_ = false;
  bool stale_ = false;
  std::atomic<bool> met_damage_{false};

  // The thread's alone.
  std::optional<journal_reader> reader_;
};

} // namespace bulwark::detail
