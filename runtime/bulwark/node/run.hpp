#pragma once

#include <bulwark/node/node.hpp>
#include <bulwark/options/application.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/options/listen_error.hpp>

#include <functional>

namespace bulwark {

/// How a program that calls `run` ends.
enum exit_code : int {
  /// It was told to stop and did, or showed its help or version.
  exit_done = 0,
  /// Options or declarations were refused; nothing was started.
  exit_usage = 64,
  /// An address cannot be listened on.
  exit_cannot_listen = 69,
  /// The root supervisor failed, or the program's own code did.
  exit_failed = 70,
  /// A second signal came before it was done.
  exit_interrupted = 130,
};

/// A whole `main`: reads the options, calls `setup` to declare the services,
/// starts them in the order of their dependencies, and serves until SIGINT,
/// SIGTERM or `node::stop`. Then it drains: it goes on serving for `--drain`,
/// refuses new requests, waits for those in flight for at most the longest
/// timeout of a gate, and stops the services in the reverse order. SIGINT,
/// Ctrl-C, leaves out `--drain`, which gives load balancers time to notice: at
/// a terminal there is none. A second signal ends the process at once. SIGHUP
/// and SIGPIPE are ignored: there is nothing to reopen, since the log is
/// standard output, and no terminal that goes away ends a node.
///
/// Returns an `exit_code`. What is wrong is one line on standard error. Where
/// an actor still runs 1 s after the services were stopped, or no thread of
/// the scheduler comes free within 10 s so that none can be stopped, it does
/// not return: it says so, and ends the process with that code.
int run(int argc, char** argv, const std::function<void(node&)>& setup);

/// Like above, for a program with a name, a version or options of its own.
int run(int argc, char** argv, application app,
        const std::function<void(node&)>& setup);

} // namespace bulwark
