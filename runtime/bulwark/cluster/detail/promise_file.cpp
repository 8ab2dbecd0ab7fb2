#include <bulwark/cluster/detail/promise_file.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/process/detail/descriptor.hpp>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

/// Far more than `promises_max` lines have.
constexpr size_t promise_bytes_max = 100'000;

std::string promise_failure(const std::string& what,
                            const std::filesystem::path& path) {
  return what + " " + path.string() + ": "
         + std::generic_category().message(errno);
}

const std::filesystem::path& with_folder(const std::filesystem::path& path) {
  std::error_code failure;
  std::filesystem::create_directories(path.parent_path(), failure);
  if (failure)
    throw config_error{"--data: the folder of " + path.string()
                       + " cannot be made: " + failure.message()};
  return path;
}

lease_promises read_promises(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path))
    return {};
  std::ifstream file{path, std::ios::binary};
  std::string text(promise_bytes_max, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  auto result = parse_promises(text);
  if (!result)
    throw config_error{
      "the promises of this voter in " + path.string()
      + " cannot be read; remove the file if the largest token that was given "
        "does not matter, else bring back a copy of it"};
  return *std::move(result);
}

bool write_whole(int to, const std::string& text) {
  size_t done = 0;
  // Each turn writes something, ends it, or was interrupted by a signal.
  while (done < text.size()) {
    auto n = ::write(to, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

} // namespace

promise_file::promise_file(std::filesystem::path path)
  : path_(std::move(path)),
    lock_(with_folder(path_), "the file of promises"),
    found_(read_promises(path_)) {}

std::string promise_file::save(const lease_promises& all) {
  auto fresh = path_;
  fresh += ".new";
  {
    descriptor file{
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (file.get() < 0)
      return promise_failure("cannot open", fresh);
    if (!write_whole(file.get(), promise_lines(all)))
      return promise_failure("cannot write", fresh);
    if (::fsync(file.get()) != 0)
      return promise_failure("cannot bring to the disk", fresh);
  }
  if (std::rename(fresh.c_str(), path_.c_str()) != 0)
    return promise_failure("cannot replace", path_);
  auto folder = path_.parent_path();
  descriptor held{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (held.get() < 0 || ::fsync(held.get()) != 0)
    return promise_failure("cannot bring to the disk", folder);
  return {};
}

} // namespace bulwark::detail
