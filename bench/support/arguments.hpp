#pragma once

#include <boost/program_options.hpp>

#include <cstdint>
#include <list>
#include <optional>
#include <string>

namespace bench {

/// The numbers that a benchmark takes, each with a default: `--rounds 11`.
///
/// Confined to one thread.
class arguments {
public:
  explicit arguments(const std::string& program);

  /// Adds `--name`; the result holds its value after `read`.
  int64_t& add(const std::string& name, int64_t preset,
               const std::string& what);

  /// Reads the command line. Returns the exit code if the program is to end
  /// now: 0 after `--help`, 64 after a complaint.
  std::optional<int> read(int argc, char** argv);

private:
  std::string program_;
  boost::program_options::options_description known_;
  std::list<int64_t> values_;
};

} // namespace bench
