#pragma once

#include <bulwark/time/time.hpp>

#include <atomic>
#include <string>

namespace bulwark::detail {

/// Runs `command` by `/bin/sh -c` in a process group of its own, gives it
/// `input` as its standard input, and waits until it has ended. Beyond `limit`,
/// or once `give_up` is true, the group is killed. What it prints goes where
/// this process prints. Returns "", or what went wrong.
/// @pre `input` has at most 60 KiB, so that it fits into a pipe
std::string run_shell_command(const std::string& command,
                              const std::string& input, duration limit,
                              const std::atomic<bool>& give_up);

} // namespace bulwark::detail
