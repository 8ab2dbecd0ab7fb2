#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/events/event_position.hpp>
#include <bulwark/journal/journal_cursor.hpp>
#include <bulwark/journal/node_life.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bulwark {

/// Reads a journal while a node writes it, without slowing it down: each call
/// is a transaction of its own. Throws `journal_error` when there is no
/// journal, when it is of a newer version, or when the disk refuses.
///
/// Confined to one thread, with its cursors.
class journal_reader {
public:
  /// `vfs` is the name of a virtual file system of SQLite; empty: the default
  /// one.
  explicit journal_reader(const std::filesystem::path& path,
                          const std::string& vfs = {});

  journal_reader(const journal_reader&) = delete;
  journal_reader& operator=(const journal_reader&) = delete;
  ~journal_reader();

  /// All events, in the order of their ledger time, then of node, boot and
  /// sequence. What is written later with an earlier time is left out.
  [[nodiscard]] journal_cursor in_ledger_order() const;

  /// The events of one origin from number `first` on, in order.
  [[nodiscard]] journal_cursor of_origin(const std::string& node, uint64_t boot,
                                         uint64_t first = 1) const;

  /// All events in the order in which this journal got them, behind the row
  /// `id`; 0: from the first. At its end it waits for more: `next` gives what
  /// came since.
  [[nodiscard]] journal_cursor follow(int64_t id = 0) const;

  /// Returns the last row's `id`; 0: there is none.
  [[nodiscard]] int64_t last_id() const;

  [[nodiscard]] std::vector<event_position> positions() const;

  /// Returns the numbers up to the positions whose events were here and were
  /// removed: those that are neither here nor nobody's any more.
  struct removed_range {
    std::string node;
    uint64_t boot = 0;
    uint64_t from = 0;
    uint64_t to = 0;

    friend bool operator==(const removed_range&,
                           const removed_range&) = default;
  };
  [[nodiscard]] std::vector<removed_range> removed() const;

  /// Returns the boots of the journal's own node, oldest first.
  [[nodiscard]] std::vector<node_life> lives() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace bulwark
