#include "rules/rules.hpp"

#include "rules/search.hpp"

#include <algorithm>
#include <regex>

namespace rules {

namespace {

using files_list = std::vector<source>;
using findings = std::vector<finding>;

// Counts characters, not bytes, of UTF-8.
size_t columns(const std::string& line) {
  return static_cast<size_t>(
    std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

} // namespace

findings search(const files_list& files,
                const std::function<bool(const source&)>& applies,
                const std::vector<banned>& patterns) {
  findings result;
  for (const auto& file : files) {
    if (!applies(file))
      continue;
    for (size_t i = 0; i < file.code.size(); ++i)
      for (const auto& [pattern, message] : patterns)
        if (std::regex_search(file.code[i], pattern))
          result.push_back({file.path, i + 1, message});
  }
  return result;
}

bool is_test(const source& file) {
  return file.in("tests") || file.in("bench");
}

findings core_is_pure(const files_list& files) {
  static const std::vector<banned> patterns{
    {std::regex{R"(^#include [<"]caf/|\bcaf::)"},
     "core/ does not know CAF; put what needs it into actors/"},
    {std::regex{R"(^#include <(thread|mutex|shared_mutex|condition_variable|)"
                R"(future|semaphore|latch|barrier|stop_token|pthread\.h)>)"
                R"(|\bstd::(this_thread|jthread|thread|mutex)\b)"},
     "core/ has no threads and no locks; use atomics, or do it in actors/"},
    {std::regex{R"((\.|->)(wait|notify_one|notify_all)\()"},
     "core/ never waits; let the actor be woken by a message"},
    {std::regex{R"(::now\(|\bclock_gettime\b|\bgettimeofday\b|\bstd::time\()"
                R"(|^#include <(ctime|time\.h|sys/time\.h)>)"},
     "core/ does not ask for the time; take it as an argument"},
    {std::regex{R"(^#include <random>|\bs?rand\(|\brandom_device\b|\bmt19937)"},
     "core/ does not roll dice; take the random number as an argument"},
    {std::regex{R"(^#include <(iostream|fstream|filesystem|unistd\.h|sys/|)"
                R"(boost/|spdlog/|fmt/|nlohmann/))"
                R"(|\b(f?printf|puts|fopen|fwrite|perror)\()"},
     "core/ does no input or output; return a value and let runtime/ do it"},
  };
  return search(
    files, [](const source& file) { return file.in("core"); }, patterns);
}

findings actors_use_the_actor_clock(const files_list& files) {
  static const std::vector<banned> patterns{
    {std::regex{R"(_clock::now\(|\bclock_gettime\b|\bgettimeofday\b)"},
     "actors/ takes the time from system().clock(), which tests control"},
  };
  return search(
    files,
    [](const source& file) {
      return file.in("actors")
             && file.path != "actors/bulwark/caf/detail/gate_clock.cpp"
             && file.path != "actors/bulwark/quota/detail/thread_clock.cpp"
             && file.path != "actors/bulwark/protection/guard_clock.cpp";
    },
    patterns);
}

findings tests_do_not_sleep(const files_list& files) {
  static const std::vector<banned> patterns{
    {std::regex{R"(\bsleep_(for|until)\b|\b(u|nano)?sleep\()"},
     "a test waits for an event, a line or virtual time: use "
     "tests/support/deterministic_system.hpp or process.hpp"},
  };
  return search(
    files,
    [](const source& file) {
      return file.in("tests")
             && !file.path.starts_with("tests/support/process.");
    },
    patterns);
}

findings tests_are_seeded(const files_list& files) {
  static const std::vector<banned> patterns{
    {std::regex{R"(\brandom_device\b|\bs?rand\()"},
     "use std::mt19937_64 with a seed that the test names"},
  };
  return search(
    files, [](const source& file) { return file.in("tests"); }, patterns);
}

findings public_headers_are_light(const files_list& files) {
  static const std::vector<banned> patterns{
    {std::regex{R"(^#include [<"](boost/|spdlog/|caf/execution_unit\.hpp))"},
     "users include this header; include that one in a source or in detail/"},
  };
  return search(
    files,
    [](const source& file) {
      return file.path.ends_with(".hpp")
             && (file.in("actors") || file.in("runtime"))
             && file.path.find("/detail/") == std::string::npos;
    },
    patterns);
}

findings one_word_per_thing(const files_list& files) {
  static const std::vector<banned> patterns{
    {std::regex{R"(\b(\w+_)?book_\b|\b\w+_book\b)"},
     "say what is kept: permit_queue, connection_table, event_counts"},
    {std::regex{R"(\bseat\w*\b)"},
     "say child_record, replica_lifecycle, consumer_account or slot"},
    {std::regex{R"(\b(outlook|wish|deputy|warden|flooding|pulse|handle_purse|)"
                R"(alarm_bell|letter_keeper|hardened|gate_kept|permit_desk|)"
                R"(work_crew)\b)"},
     "say expected_state, permit_request, foreign_proxy, load_shedder, "
     "load_shedding, progress_counter, counted_handles, weak_timer, "
     "dead_letter_actor, system_actor, gate_retries, pool_permits or "
     "worker_pool"},
  };
  return search(
    files,
    [](const source& file) {
      return file.in("core") || file.in("actors") || file.in("runtime");
    },
    patterns);
}

findings files_are_short(const files_list& files) {
  findings result;
  for (const auto& file : files) {
    const size_t max = is_test(file) ? 400 : 300;
    if (file.lines.size() > max)
      result.push_back({file.path, file.lines.size(),
                        "more than " + std::to_string(max)
                          + " lines; split it by what its parts are for"});
  }
  return result;
}

findings lines_are_short(const files_list& files) {
  findings result;
  for (const auto& file : files)
    for (size_t i = 0; i < file.lines.size(); ++i)
      if (columns(file.lines[i]) > 80)
        result.push_back(
          {file.path, i + 1, "more than 80 columns; break the line"});
  return result;
}

findings headers_are_guarded(const files_list& files) {
  findings result;
  for (const auto& file : files)
    if (file.path.ends_with(".hpp")
        && (file.lines.empty() || file.lines[0] != "#pragma once"))
      result.push_back(
        {file.path, 1, "a header starts with the line `#pragma once`"});
  return result;
}

findings nothing_is_left_to_do(const files_list& files) {
  // Put together here, so that this file passes its own rule.
  static const std::regex pattern{R"(\b(TO)"
                                  R"(DO|FIX)"
                                  R"(ME|XX)"
                                  R"(X)\b)"};
  findings result;
  for (const auto& file : files)
    for (size_t i = 0; i < file.lines.size(); ++i)
      if (std::regex_search(file.lines[i], pattern))
        result.push_back(
          {file.path, i + 1, "do it now, or open an issue for it"});
  return result;
}

findings check(const std::filesystem::path& root) {
  const auto files = read_sources(root);
  findings result;
  auto add = [&result](findings found) {
    result.insert(result.end(), found.begin(), found.end());
  };
  add(core_is_pure(files));
  add(actors_use_the_actor_clock(files));
  add(caf_stays_in_its_room(files));
  add(floors_hold(root, files));
  add(families_hold(root, files));
  add(details_stay_inside(files));
  add(tests_do_not_sleep(files));
  add(tests_are_seeded(files));
  add(public_headers_are_light(files));
  add(one_word_per_thing(files));
  add(files_are_short(files));
  add(lines_are_short(files));
  add(functions_are_short(files));
  add(headers_are_guarded(files));
  add(sources_are_built(root, files));
  add(nothing_is_left_to_do(files));
  return result;
}

} // namespace rules
