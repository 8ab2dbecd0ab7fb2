#pragma once

#include "support/temp_folder.hpp"

#include <bulwark/journal/journal.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// The options of a journal in a folder of its own, and its tests' words.
///
/// Confined to one thread.
class journal_fixture {
public:
  static constexpr const char* node = "alpha";

  std::filesystem::path path() const { return folder_.path() / "a.journal"; }

  bulwark::journal_options options() const;

  const std::filesystem::path& folder() const { return folder_.path(); }

  /// Returns the files in the folder whose names contain `part`, sorted.
  std::vector<std::string> files(const std::string& part = "") const;

private:
  temp_folder folder_;
};

/// An event of `alpha` in boot 1.
bulwark::event
numbered(uint64_t sequence,
         bulwark::event_kind kind = bulwark::event_kind::child_started);

/// Waits for what a journal tells.
///
/// Safe to call from any thread.
class journal_listener {
public:
  /// Listens to `to` from now on, for as long as it lives.
  explicit journal_listener(bulwark::journal& to);

  journal_listener(const journal_listener&) = delete;
  journal_listener& operator=(const journal_listener&) = delete;
  ~journal_listener();

  /// Returns once the origin has come to `upto`. @throws on a timeout
  void await(uint64_t upto, const std::string& node = journal_fixture::node,
             uint64_t boot = 1);

  /// Returns the next text that contains `part`. @throws on a timeout
  std::string await_text(const std::string& part);

  /// Returns the number that was told last for alpha in boot 1.
  uint64_t upto() const;

  /// Returns the texts so far, each behind its state: "failed: ...".
  std::vector<std::string> texts() const;

private:
  void wait(const std::function<bool()>& condition);

  bulwark::journal& from_;
  mutable std::mutex lock_;
  std::condition_variable changed_;
  std::vector<bulwark::event_position> told_;
  std::vector<std::string> texts_;
  size_t seen_ = 0;
};

/// Returns the numbers of the events that `from` reads.
std::vector<uint64_t> read(bulwark::event_store& from, uint64_t first,
                           size_t max,
                           const std::string& node = journal_fixture::node,
                           uint64_t boot = 1);

/// Like `read`, but the events.
std::vector<bulwark::event> read_events(bulwark::event_store& from,
                                        const std::string& node, uint64_t boot,
                                        uint64_t first, size_t max);

} // namespace test
