#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace storefront {

/// The right of one node to a database file, held through a lock file beside
/// it (`orders.db.lock`) and given back when the last handle goes or the
/// process ends, however it ends.
///
/// Immutable after construction.
class database_owner {
public:
  /// @throws std::runtime_error which names file, node and process when
  /// another node owns the file.
  database_owner(std::filesystem::path file, const std::string& node);
  ~database_owner();
  database_owner(const database_owner&) = delete;
  database_owner& operator=(const database_owner&) = delete;

  const std::filesystem::path& file() const noexcept { return file_; }

private:
  std::filesystem::path file_;
  int lock_ = -1;
};

/// Incarnations and replicas of one service share the file.
using database = std::shared_ptr<const database_owner>;

} // namespace storefront
