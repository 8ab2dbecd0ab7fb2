#pragma once

#include <bulwark/time/time.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace storefront {

/// A program that runs beside this one and dies with it, however it ends. What
/// it prints is given, line by line, to a function on a thread of its own.
///
/// Confined to the thread that started it, which must live as long.
class child_process {
public:
  using line_taker = std::function<void(const std::string&)>;

  /// @throws std::system_error
  child_process(const std::filesystem::path& program,
                const std::vector<std::string>& arguments, line_taker take);

  /// Kills what still runs.
  ~child_process();

  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  void send_signal(int signal);

  /// Waits for its end and returns the exit code, or 128 + the signal that
  /// ended it; nothing after `timeout`.
  std::optional<int> wait(bulwark::duration timeout);

private:
  void read_lines(int from, const line_taker& take);

  pid_t id_ = -1;
  std::optional<int> ended_;
  std::thread reader_;
};

} // namespace storefront
