#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace test {

/// A folder of its own for one test, removed at its end.
class temp_folder {
public:
  temp_folder() {
    auto pattern =
      (std::filesystem::temp_directory_path() / "bulwark-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace test
