#pragma once

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace test {

/// The members of examples/database_cluster.
const std::vector<std::string>& bank_members();

/// Four members and a client, each a process.
///
/// Confined to one thread.
class bank_town {
public:
  explicit bank_town(uint64_t seed);

  void start(const std::string& name);
  process& at(const std::string& name) { return *running_.at(name); }
  void kill(const std::string& name);

  /// Waits until a member leads in a later epoch than any before.
  std::string await_primary();

  /// Until transfers are done again that were begun after that, in nanoseconds
  /// of the machine's steady clock. Returns when the first of them was done.
  int64_t await_work(int64_t after);

  /// The one that has led last, as far as has been printed.
  const std::string& primary();

  std::string verdict();

private:
  std::filesystem::path until() const { return folder_.path() / "until"; }
  void run(const std::string& name, const char* which,
           std::vector<std::string> arguments);
  bool leads_anew(const std::string& name);

  temp_folder folder_;
  std::map<std::string, std::unique_ptr<process>> running_;
  std::map<std::string, std::string> addresses_;
  std::string primary_;
  uint64_t epoch_ = 0;
};

/// Now, of the machine's steady clock, in nanoseconds.
int64_t bank_now();

/// Waits for a line of a bank's client as `bank_town::await_work` says.
int64_t await_transfer(process& client, int64_t after);

} // namespace test
