#pragma once

#include <string>
#include <vector>

namespace bulwark::program {

/// A command of the program `bulwark`.
///
/// Immutable after construction.
struct command {
  const char* name;

  /// One line for `--help`.
  const char* words;

  /// Takes what follows the name. Returns an exit code: 0 done, 1 refused, 2
  /// not reached: a node that does not answer, a journal that cannot be read.
  int (*run)(const std::vector<std::string>& arguments);
};

int report(const std::vector<std::string>& arguments);
int events(const std::vector<std::string>& arguments);
int status(const std::vector<std::string>& arguments);
int top(const std::vector<std::string>& arguments);
int tree(const std::vector<std::string>& arguments);
int members(const std::vector<std::string>& arguments);
int get(const std::vector<std::string>& arguments);
int set(const std::vector<std::string>& arguments);
int isolate(const std::vector<std::string>& arguments);
int drain(const std::vector<std::string>& arguments);
int reopen(const std::vector<std::string>& arguments);
int restart(const std::vector<std::string>& arguments);
int scale(const std::vector<std::string>& arguments);
int history(const std::vector<std::string>& arguments);
int undo(const std::vector<std::string>& arguments);
int chaos(const std::vector<std::string>& arguments);
int leave(const std::vector<std::string>& arguments);

inline constexpr int exit_refused = 1;
inline constexpr int exit_not_reached = 2;

/// Of `chaos`: what was expected did not happen.
inline constexpr int exit_unexpected = 3;

} // namespace bulwark::program
