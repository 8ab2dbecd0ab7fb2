#pragma once

#include "db/owner.hpp"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace storefront::test {

/// A folder of its own for one test, removed at its end.
class temp_folder {
public:
  temp_folder() {
    auto pattern =
      (std::filesystem::temp_directory_path() / "bulwark-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }

  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Owns a database file in it.
  database own(const std::string& name = "test.db") const {
    return std::make_shared<database_owner>(path_ / name, "test");
  }

private:
  std::filesystem::path path_;
};

} // namespace storefront::test
