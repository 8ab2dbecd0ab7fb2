#pragma once

#include <mutex>
#include <string>

namespace storefront {

/// Standard output, with the name of who speaks before each line.
///
/// Safe to call from any thread.
class console {
public:
  void say(const std::string& who, const std::string& line);

private:
  std::mutex mutex_;
};

} // namespace storefront
