#include "db/owner.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace storefront {

namespace {

std::string read_owner(int lock) {
  std::array<char, 256> text{};
  auto size = pread(lock, text.data(), text.size(), 0);
  return size > 0 ? std::string(text.data(), static_cast<size_t>(size))
                  : "another process";
}

void write_owner(int lock, const std::string& text) {
  // For the error message only: a text that could not be written is missed,
  // the lock holds.
  if (ftruncate(lock, 0) == 0)
    (void)!pwrite(lock, text.data(), text.size(), 0);
}

} // namespace

database_owner::database_owner(std::filesystem::path file,
                               const std::string& node)
  : file_(std::move(file)) {
  if (file_.has_parent_path())
    std::filesystem::create_directories(file_.parent_path());
  auto path = file_.string() + ".lock";
  lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0)
    throw std::system_error(errno, std::generic_category(), "open " + path);
  if (flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    auto text = file_.string() + " is in use by " + read_owner(lock_);
    close(lock_);
    throw std::runtime_error(text);
  }
  write_owner(lock_,
              "node " + node + " (process " + std::to_string(getpid()) + ")");
}

database_owner::~database_owner() {
  close(lock_);
}

} // namespace storefront
