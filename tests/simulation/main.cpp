#include "simulation/calls/call_scene.hpp"
#include "simulation/play.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <exception>
#include <iostream>

// Plays seeds one after the other and ends with 1 at the first promise that
// is broken.

namespace {

namespace po = boost::program_options;
using namespace test::sim;

// Whether seeds can be replayed is tried with one in so many.
constexpr uint64_t replay_every = 100;

struct request {
  uint64_t first = 1;
  uint64_t seeds = 2000;
  view how;
  bool print_coverage = false;
  bool must_cover = false;
};

/// Whether scenes of calls are judged by that checker alone, or trees.
bool judges_calls(const std::string& only) {
  const auto& all = call_checkers();
  return std::find(all.begin(), all.end(), only) != all.end();
}

/// The tree of a seed, and its scene of calls.
outcome play_both(uint64_t seed, const view& how) {
  outcome result;
  if (!judges_calls(how.only))
    result = play(make_plan(seed), how);
  if (result.broken || (!how.only.empty() && !judges_calls(how.only)))
    return result;
  auto calls = play_calls(seed, how.only);
  result.broken = calls.broken;
  result.met.add(calls.met);
  if (calls.broken || how.whole)
    result.text += calls.text;
  return result;
}

int play_one(uint64_t seed, const view& how) {
  auto what = make_plan(seed);
  auto result = play_both(seed, {.only = how.only, .whole = true});
  std::cout << to_text(what) << result.text;
  if (!result.broken)
    return 0;
  std::cout << "broken after line " << result.broken->entries << ": "
            << result.broken->checker << ": " << result.broken->how << '\n';
  return 1;
}

/// Whether a seed gives the same history again, with others in between.
bool is_repeatable(uint64_t seed) {
  const view whole{.whole = true};
  auto before = play_both(seed, whole).text;
  play_both(seed + 1, {});
  return play_both(seed, whole).text == before;
}

int play_all(const request& what) {
  coverage met;
  for (auto seed = what.first; seed < what.first + what.seeds; ++seed) {
    auto result = play_both(seed, what.how);
    met.add(result.met);
    if (seed % replay_every == 0 && !is_repeatable(seed)) {
      std::cout << "seed " << seed << " gives another history every time\n";
      return 1;
    }
    if (!result.broken)
      continue;
    std::cout << result.text << "seed " << seed << " breaks "
              << result.broken->checker << ": " << result.broken->how
              << "\nreplay: simulation --seed " << seed << '\n';
    return 1;
  }
  if (what.print_coverage)
    std::cout << met.text();
  auto gaps = what.must_cover ? met.gaps(what.seeds) : "";
  std::cout << gaps << what.seeds << " seeds played, no promise broken\n";
  return gaps.empty() ? 0 : 1;
}

int run(int argc, char** argv) {
  request what;
  uint64_t seed = 0;
  po::options_description all{"simulation"};
  auto add = all.add_options();
  add("help", "show this");
  add("first", po::value(&what.first)->default_value(1), "first seed");
  add("seeds", po::value(&what.seeds)->default_value(2000), "how many");
  add("seed", po::value(&seed), "replay this one and print its history");
  add("only", po::value(&what.how.only), "judge by this checker alone");
  add("print-coverage", po::bool_switch(&what.print_coverage),
      "show how often each kind of thing was met");
  add("must-cover", po::bool_switch(&what.must_cover),
      "fail when something was met too rarely");
  po::variables_map given;
  po::store(po::parse_command_line(argc, argv, all), given);
  po::notify(given);
  if (given.count("help") > 0) {
    std::cout << all;
    for (auto& each : all_checkers())
      std::cout << "checker " << each.name << '\n';
    for (auto& each : call_checkers())
      std::cout << "checker " << each << '\n';
    return 0;
  }
  return given.count("seed") > 0 ? play_one(seed, what.how) : play_all(what);
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "simulation: " << e.what() << '\n';
    return 64;
  }
}
