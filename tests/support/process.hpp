#pragma once

#include <bulwark/time/time.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace test {

/// What a process did not do in time, followed by the last lines it printed.
class process_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Returns the path of a built program, which the build tells the test in the
/// environment as `variable`.
/// @throws process_error if it is not set
std::filesystem::path program(const char* variable);

/// A built program, run as its users run it. Its standard output and its
/// standard error arrive here as lines, in the order they were written.
///
/// A program that listens is started with port 0 and prints the port that the
/// system chose: `field_of(line, "port")`.
///
/// The program leads a process group of its own, which dies with this object
/// and with the test, however either ends.
///
/// Confined to one thread.
class process {
public:
  using predicate = std::function<bool(const std::string&)>;

  /// Starts `program`.
  /// @throws process_error if it cannot be executed
  process(const std::filesystem::path& program,
          std::vector<std::string> arguments);

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// Kills the process group and waits for its end.
  ~process();

  /// Returns the next line that contains `text`, or waits for it. Lines up to
  /// and including it are passed over by later calls.
  /// @throws process_error after `timeout`, or when the output has ended
  std::string wait_for_line(const std::string& text,
                            bulwark::duration timeout = patience);

  /// Like above, with a condition on the line.
  std::string wait_for_line(const predicate& matches,
                            bulwark::duration timeout = patience);

  /// Sends the signal `number` to the program alone.
  void signal(int number);

  /// Waits for the end of the program and returns its exit code, or 128 plus
  /// the number of the signal that killed it. Its last lines are read then.
  /// @throws process_error after `timeout`
  int wait_exit(bulwark::duration timeout = patience);

  /// Returns all lines read so far. Reading happens in the waiting calls.
  const std::vector<std::string>& lines() const { return lines_; }

  /// Returns whether one of the lines read so far contains `text`.
  bool has_line(const std::string& text) const;

  pid_t id() const { return id_; }

  /// How long a call waits unless told otherwise.
  static constexpr std::chrono::seconds patience{20};

  /// A program that prints more lines than this is taken for broken.
  static constexpr size_t lines_max = 1'000'000;

private:
  void start(const std::filesystem::path& program,
             std::vector<std::string> arguments);
  std::string wait_for(const predicate& matches, const std::string& description,
                       bulwark::duration timeout);
  bool read_for(bulwark::duration time);
  void take(std::string_view data);
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  pid_t id_ = -1;
  int output_ = -1;
  bool open_ = true;
  std::string unfinished_;
  std::vector<std::string> lines_;
  size_t seen_ = 0;
};

/// Returns the value of `key` in a line of `key=value` words, or "". A value
/// in quotes is returned without them.
std::string field_of(const std::string& line, const std::string& key);

} // namespace test
