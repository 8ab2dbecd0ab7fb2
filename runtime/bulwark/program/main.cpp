#include <bulwark/options/config_error.hpp>
#include <bulwark/options/version.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <array>
#include <exception>
#include <iostream>

// The program `bulwark`: looks at nodes that run, changes them, and looks at
// what nodes have left on disk.

namespace bulwark::program {

namespace {

constexpr std::array all{
  command{"report", "failures and recoveries of a cluster, out of journals",
          report},
  command{"events", "the events of a journal, as lines", events},
  command{"status", "how a node that runs is doing", status},
  command{"top", "services and bulkheads of a node that runs", top},
  command{"tree", "its supervisors and their children", tree},
  command{"members", "the nodes of its cluster", members},
  command{"get", "what of it can be set", get},
  command{"set", "sets that, for good or for a time", set},
  command{"isolate", "closes a bulkhead", isolate},
  command{"drain", "closes a bulkhead and tells when it is empty", drain},
  command{"reopen", "opens it again", reopen},
  command{"restart", "starts a replica or a service anew", restart},
  command{"scale", "changes the number of replicas of a service", scale},
  command{"history", "the latest changes of a node", history},
  command{"undo", "takes a change back", undo},
  command{"chaos", "makes nodes fail on purpose, to see what holds", chaos},
  command{"leave", "drains a node and stops it", leave},
};

void say_usage(std::ostream& out) {
  out << "usage: bulwark COMMAND [--OPTION=VALUE ...]\n\n"
         "Commands, each with --help of its own:\n";
  for (const auto& each : all) {
    std::string name = each.name;
    name.resize(10, ' ');
    out << "  " << name << each.words << '\n';
  }
  out
    << "\nExit codes: 0 done, 1 refused, 2 not reached: no node answers, or a "
       "journal\ncannot be read, 3 an experiment did not go as written.\n";
}

int complain(const std::exception& e, int code) {
  std::cerr << "bulwark: " << one_line(e.what()) << std::endl;
  return code;
}

int run(const std::vector<std::string>& words) {
  if (!words.empty() && (words[0] == "--help" || words[0] == "help")) {
    say_usage(std::cout);
    return 0;
  }
  if (!words.empty() && words[0] == "--version") {
    std::cout << "bulwark " << version() << '\n';
    return 0;
  }
  for (const auto& each : all)
    if (!words.empty() && words[0] == each.name)
      return each.run({words.begin() + 1, words.end()});
  if (!words.empty())
    std::cerr << "bulwark: unknown command " << bulwark::quoted(words[0])
              << "\n";
  say_usage(std::cerr);
  return exit_refused;
}

} // namespace

} // namespace bulwark::program

int main(int argc, char** argv) {
  using namespace bulwark;
  try {
    return program::run({argv + 1, argv + argc});
  } catch (const config_error& e) {
    return program::complain(e, program::exit_refused);
  } catch (const std::exception& e) {
    return program::complain(e, program::exit_not_reached);
  }
}
