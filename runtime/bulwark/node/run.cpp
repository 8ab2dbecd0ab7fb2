#include <bulwark/caf/caf_error.hpp>
#include <bulwark/node/detail/node_core.hpp>
#include <bulwark/node/run.hpp>
#include <bulwark/options/detail/read_options.hpp>
#include <bulwark/process/detail/crash_report.hpp>
#include <bulwark/process/detail/descriptor_limit.hpp>
#include <bulwark/process/detail/stop_signals.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

namespace {

int complain(const application& app, const std::string& what, int code) {
  std::cerr << app.name + ": " + one_line(what) + "\n" << std::flush;
  return code;
}

/// Calls `action`; says what went wrong, and how the program ends then.
template <class Action>
int attempt(const application& app, Action action) {
  try {
    action();
    return exit_done;
  } catch (const config_error& e) {
    return complain(app, e.what(), exit_usage);
  } catch (const listen_error& e) {
    return complain(app, e.what(), exit_cannot_listen);
  } catch (const std::exception& e) {
    return complain(app, e.what(), exit_failed);
  } catch (...) {
    return complain(app,
                    "exception of type " + describe(std::current_exception()),
                    exit_failed);
  }
}

/// Ends without waiting for `left`, which never ends, and says so.
[[noreturn]] void leave(const application& app, const std::string& left,
                        int code) {
  std::cerr << app.name + ": " + left
                 + "; the process ends without waiting for it\n"
            << std::flush;
  std::cout << std::flush;
  std::_Exit(code);
}

/// Waits until the node has to stop, and drains it. Returns an exit code.
int serve(const application& app, detail::node_core& core,
          detail::stop_signals& signals) {
  auto signal = signals.wait();
  if (core.root_failed())
    return exit_failed;
  return attempt(app, [&] { core.drain(signal == SIGINT); });
}

int live(const application& app, given_options given,
         const std::function<void(node&)>& setup) {
  detail::crash_report crashes{app.name};
  detail::stop_signals signals;
  auto wake = [&signals] { signals.wake(); };
  detail::node_core core{std::move(given), wake};
  core.announcements.emplace_back(
    "descriptors", std::to_string(detail::raise_descriptor_limit()));
  node facade{core};
  auto code = attempt(app, [&] {
    setup(facade);
    core.start();
  });
  if (code == exit_done)
    code = serve(app, core, signals);
  // Whatever happened: what was started is stopped.
  auto hooks = attempt(app, [&] { core.before_stop(); });
  auto left = core.stop();
  if (code == exit_done)
    code = hooks;
  if (left)
    leave(app, *left, code);
  return code;
}

} // namespace

int run(int argc, char** argv, const std::function<void(node&)>& setup) {
  return run(argc, argv, application{}, setup);
}

int run(int argc, char** argv, application app,
        const std::function<void(node&)>& setup) {
  std::vector<std::string> arguments{argv, argv + argc};
  if (app.name.empty() && !arguments.empty())
    app.name = std::filesystem::path{arguments.front()}.filename().string();
  if (!arguments.empty())
    arguments.erase(arguments.begin());
  given_options given;
  auto code = attempt(app, [&] { given = read_options(arguments, app); });
  if (code != exit_done)
    return code;
  if (given.mode == program_mode::help)
    std::cout << help_text(app) << std::flush;
  else if (given.mode == program_mode::version)
    std::cout << version_text(app) << std::flush;
  else
    return live(app, std::move(given), setup);
  return exit_done;
}

} // namespace bulwark
