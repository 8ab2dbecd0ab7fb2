// Three nodes of the storefront on this machine under load, with crashes and
// a kill. Shows their logs, ends with a summary; exit code 0 only if nothing
// was lost or doubled and everything that crashed came back.
//
// usage: storefront_demo [--page] [SEED [SECONDS [FOLDER]]]
//
// With --page the nodes are started again after that, and go on until a line
// is typed, or the input ends: their pages show what happened.
//
// FOLDER gets what the nodes keep, a folder for each. Without it a temporary
// one does, which is left only when something was wrong.

#include "demo/cluster.hpp"
#include "demo/console.hpp"
#include "demo/scenario.hpp"
#include "demo/time_limit.hpp"

#include <stdlib.h>

#include <charconv>
#include <iostream>

namespace {

using namespace storefront;

constexpr std::chrono::seconds limit{40};

std::filesystem::path make_folder() {
  auto pattern =
    (std::filesystem::temp_directory_path() / "storefront-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error("no temporary folder");
  return pattern;
}

/// Reads a positive number; nothing when it is none.
std::optional<uint32_t> parse_number(std::string_view text) {
  uint32_t result = 0;
  auto* end = text.data() + text.size();
  auto parsed = std::from_chars(text.data(), end, result);
  if (parsed.ptr != end || result == 0)
    return std::nullopt;
  return result;
}

struct arguments {
  scenario_options scenario;
  std::optional<std::filesystem::path> folder;
  bool page = false;
};

std::optional<arguments> parse(int argc, char** argv) {
  arguments result;
  if (argc > 1 && std::string_view{argv[1]} == "--page") {
    result.page = true;
    --argc;
    ++argv;
  }
  auto seed = argc > 1 ? parse_number(argv[1]) : 1u;
  auto seconds = argc > 2 ? parse_number(argv[2]) : 18u;
  if (!seed || !seconds || argc > 4)
    return std::nullopt;
  result.scenario.seed = *seed;
  result.scenario.load = std::chrono::seconds{*seconds};
  if (argc > 3)
    result.folder = argv[3];
  return result;
}

/// Leaves the nodes running until somebody has seen enough.
bool show_pages(cluster& nodes, const std::filesystem::path& folder) {
  nodes.start();
  std::cout << "\nThe nodes run. Their pages:\n";
  for (const auto& each : demo_nodes)
    std::cout << "  " << each.name
              << "  http://127.0.0.1:" << nodes.admin_port(each.name)
              << "/  token for changes: "
              << (folder / each.name / (each.name + ".admin")).string() << "\n";
  std::cout << "Requests are served at http://127.0.0.1:"
            << nodes.http_port(demo_nodes.front().name) << "/. Enter ends it.\n"
            << std::flush;
  std::string line;
  std::getline(std::cin, line);
  return nodes.stop();
}

int demonstrate(const arguments& given) {
  std::optional<time_limit> watchdog{std::in_place, limit};
  auto folder = given.folder ? *given.folder : make_folder();
  auto self = std::filesystem::read_symlink("/proc/self/exe");
  console out;
  log_watch log;
  cluster nodes{self.parent_path(), folder,
                [&](const std::string& who, const std::string& line) {
                  log.take(line);
                  out.say(who, line);
                }};
  auto record = scenario{nodes, log, out, given.scenario}.run();
  std::cout << "\n" << summary(record);
  if (!record.problems.empty()) {
    std::cout << "databases and journals are left in " << folder.string()
              << "\n";
    return 1;
  }
  watchdog.reset();
  auto good = !given.page || show_pages(nodes, folder);
  if (!given.folder)
    std::filesystem::remove_all(folder);
  return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  auto given = parse(argc, argv);
  if (!given) {
    std::cerr << "usage: storefront_demo [--page] [SEED [SECONDS [FOLDER]]]\n";
    return 64;
  }
  try {
    return demonstrate(*given);
  } catch (const std::exception& e) {
    std::cerr << "storefront_demo: " << e.what() << "\n";
    return 1;
  }
}
