#pragma once

#include "rules/source.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace rules {

/// A place that breaks a rule, and what to do instead.
struct finding {
  std::string path;
  size_t line = 0;
  std::string message;
};

/// Returns whether `file` may be longer than others: tests, benchmarks.
bool is_test(const source& file);

/// core/ decides and keeps books: CAF, threads, locks, waits, clocks,
/// randomness and input or output stay outside.
std::vector<finding> core_is_pure(const std::vector<source>& files);

/// Time in actors/ is the actor clock's, or tests could not rule it. One file
/// may read a cheaper clock instead, when the actor clock is a real one.
std::vector<finding> actors_use_the_actor_clock(const std::vector<source>&);

/// CAF's internals are used in actors/bulwark/caf/ only, which is what a port
/// to another CAF would rewrite. Tests may use them.
std::vector<finding> caf_stays_in_its_room(const std::vector<source>& files);

/// core <- actors <- runtime <- examples: an include never points up, and
/// each floor sees only the libraries that it may use. Needs the project's
/// root to know on which floor a header is.
std::vector<finding> floors_hold(const std::filesystem::path& root,
                                 const std::vector<source>& files);

/// Every file of a floor stands in the folder of its family, and a family uses
/// only those below it on the floor's stair. The stairs are one list.
std::vector<finding> families_hold(const std::filesystem::path& root,
                                   const std::vector<source>& files);

/// Programs use public headers only: nothing in a `detail/`.
std::vector<finding> details_stay_inside(const std::vector<source>& files);

/// Tests wait for something to happen, never for time to pass.
std::vector<finding> tests_do_not_sleep(const std::vector<source>& files);

/// Tests that use chance print their seed and can be repeated.
std::vector<finding> tests_are_seeded(const std::vector<source>& files);

/// Files of at most 300 lines, tests and benchmarks 400.
std::vector<finding> files_are_short(const std::vector<source>& files);

/// Lines of at most 80 columns.
std::vector<finding> lines_are_short(const std::vector<source>& files);

/// Functions of at most 50 lines, from the opening to the closing brace; 100
/// in tests, where they hold tables and sections.
std::vector<finding> functions_are_short(const std::vector<source>& files);

/// What users include brings no Boost, spdlog or thread of CAF's along.
std::vector<finding> public_headers_are_light(const std::vector<source>& files);

/// One word per thing: names that said less than the field's, or several
/// things, do not come back.
std::vector<finding> one_word_per_thing(const std::vector<source>& files);

/// Headers start with `#pragma once`.
std::vector<finding> headers_are_guarded(const std::vector<source>& files);

/// Every .cpp is named in a CMakeLists.txt in its folder or above it.
std::vector<finding> sources_are_built(const std::filesystem::path& root,
                                       const std::vector<source>& files);

/// Nothing is left for later.
std::vector<finding> nothing_is_left_to_do(const std::vector<source>& files);

/// Applies all of the above to the project at `root`.
std::vector<finding> check(const std::filesystem::path& root);

} // namespace rules
