#pragma once

#include "support/temp_folder.hpp"

#include <bulwark/database/detail/sqlite_replica.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace test {

/// Members of one replicated database on real files, and what carries their
/// shipments to and fro: at once, to all that are up.
///
/// Confined to one thread.
class replica_group {
public:
  explicit replica_group(bulwark::replication_options options);

  /// Options of that many, of which one other has to have what is
  /// acknowledged.
  static bulwark::replication_options options_of(size_t members);

  bulwark::sqlite_replica& at(size_t which) { return *members_[which]; }
  bool is_up(size_t which) const { return members_[which] != nullptr; }
  std::filesystem::path file_of(size_t which) const;

  void lose(size_t which) { members_[which].reset(); }

  /// Opens its file, again.
  void start(size_t which);

  /// That one tries to lead, and offers what it opens its epoch with.
  bulwark::detail::promotion_verdict promote(size_t which, bool forced = false);

  /// A write whose entry all get that are up.
  std::string write(size_t primary, const std::string& sql,
                    const std::string& request = "");
  std::string change_schema(size_t primary, const std::string& sql);

  /// The error of such a write, or "".
  std::string fault(size_t primary, const bulwark::write_request& request);

  /// Sends all that others lack.
  void spread(size_t primary);
  void spread(size_t primary, size_t other);

  std::string read(size_t which, const std::string& sql);

private:
  temp_folder folder_;
  bulwark::replication_options options_;
  std::vector<std::unique_ptr<bulwark::sqlite_replica>> members_;
};

} // namespace test
