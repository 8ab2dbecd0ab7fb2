#include <bulwark/journal/detail/journal_lock.hpp>
#include <bulwark/journal/journal_error.hpp>
#include <bulwark/text/wall_time_text.hpp>
#include <bulwark/time/time.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

std::string words_for(int error) {
  return std::generic_category().message(error);
}

/// Returns who has the lock, as they wrote it; it may not be there yet.
std::string holder(int descriptor) {
  std::array<char, 128> text{};
  auto size = ::pread(descriptor, text.data(), text.size(), 0);
  std::string result{text.data(), size > 0 ? static_cast<size_t>(size) : 0};
  result.resize(std::min(result.find('\n'), result.size()));
  return result.empty() ? "another process" : result;
}

void sign(int descriptor) {
  auto now = std::chrono::time_point_cast<wall_time::duration>(
    std::chrono::system_clock::now());
  auto text = "process " + std::to_string(::getpid()) + " since "
              + to_text(wall_time{now}) + "\n";
  // Only for people: without it the lock holds as well.
  if (::ftruncate(descriptor, 0) == 0)
    static_cast<void>(::pwrite(descriptor, text.data(), text.size(), 0) == 0);
}

} // namespace

journal_lock::journal_lock(const std::filesystem::path& file,
                           const std::string& what) {
  auto path = file.string() + ".lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0)
    throw journal_error{"cannot open " + path + ": " + words_for(errno)};
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) {
    sign(descriptor_);
    return;
  }
  auto error = errno;
  auto owner = holder(descriptor_);
  ::close(descriptor_);
  if (error == EWOULDBLOCK)
    throw journal_error{what + " " + file.string() + " is in use by " + owner};
  throw journal_error{"cannot lock " + path + ": " + words_for(error)};
}

journal_lock::~journal_lock() {
  ::close(descriptor_);
}

} // namespace bulwark::detail
