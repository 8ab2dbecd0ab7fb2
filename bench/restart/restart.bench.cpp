// Question: how fast is a supervisor, and what does a child cost it? The same
// questions go to Erlang/OTP's (restart_otp.erl), in turn, each to a process of
// its own: from the crash of a worker to the next answer; how often per second
// one worker is restarted; how long until very many children are started, all
// by one request where there is such a one, and each by its own; what memory
// each takes, and how long until very many that are killed at once are up
// again.
//
//   bench_restart [--rounds N] [--crashes N] [--restarts N] [--children N]
//                 [--kills N]
//
// Unit: microseconds, milliseconds, bytes; gain is how many times better ours
// is than the other, share is ours in parts of the other, each the median of
// all rounds.

#include "restart/questions.hpp"
#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/process.hpp"

#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using words = std::vector<std::string>;
using answers = std::map<std::string, std::vector<double>>;

/// The figures of one side, by name: one value per round.
using side = std::map<std::string, std::vector<double>>;

answers read_answers(test::process& from) {
  if (auto code = from.wait_exit(std::chrono::minutes{5}))
    throw test::process_error{"ended with " + std::to_string(code)};
  answers result;
  for (const auto& line : from.lines()) {
    std::istringstream in{line};
    std::string name;
    double value = 0;
    if (in >> name >> value)
      result[name].push_back(value);
  }
  return result;
}

answers ask_ours(words question) {
  question.insert(question.begin(), "--question");
  test::process asked{"/proc/self/exe", question};
  return read_answers(asked);
}

answers ask_otp(const words& question) {
  words arguments{"-noshell", "-pa",         BENCH_RESTART_OTP,
                  "-run",     "restart_otp", "main"};
  arguments.insert(arguments.end(), question.begin(), question.end());
  test::process asked{BENCH_ERL, arguments};
  return read_answers(asked);
}

struct sizes {
  int64_t crashes = 0;
  int64_t restarts = 0;
  int64_t children = 0;
  int64_t kills = 0;
};

void add_quantiles(side& to, const std::string& name, const answers& from) {
  to[name + "_p50"].push_back(bench::quantile(from.at("crash"), 0.5));
  to[name + "_p99"].push_back(bench::quantile(from.at("crash"), 0.99));
}

void ask_all(side& to, const std::function<answers(words)>& ask,
             const sizes& n) {
  auto crashes = std::to_string(n.crashes);
  add_quantiles(to, "crash_to_ready", ask({"told", crashes}));
  add_quantiles(to, "crash_to_answer", ask({"retry", crashes}));
  add_quantiles(to, "recorded_crash_to_ready",
                ask({"told", crashes, "recorded"}));
  auto loop = ask({"loop", std::to_string(n.restarts)});
  to["per_second"].push_back(loop.at("rate").front());
  auto crowd =
    ask({"crowd", std::to_string(n.children), std::to_string(n.kills)});
  to["start_all"].push_back(crowd.at("start").front());
  to["kill_to_all_up"].push_back(crowd.at("kill").front());
  auto each = ask({"each", std::to_string(n.children)});
  to["start_each"].push_back(each.at("start").front());
  auto recorded = ask(
    {"crowd", std::to_string(n.children), std::to_string(n.kills), "recorded"});
  to["recorded_kill_to_all_up"].push_back(recorded.at("kill").front());
  for (const auto* name : {"memory", "memory_total"})
    if (auto it = crowd.find(name); it != crowd.end())
      to[name].push_back(it->second.front());
}

/// What only we are asked: the price of the actor that a child is.
void ask_more(side& to, const sizes& n) {
  auto bare = ask_ours({"bare", std::to_string(n.children)});
  to["memory_bare_actor"].push_back(bare.at("memory").front());
  to["start_bare_actors"].push_back(bare.at("start").front());
}

std::string unit_of(const std::string& name) {
  if (name == "per_second")
    return "restarts/s";
  if (name.find("memory") == 0)
    return "bytes";
  return name.find("crash") != std::string::npos ? "us" : "ms";
}

void print_beside(const std::string& name, const std::vector<double>& ours,
                  const std::vector<double>& otp) {
  bench::print_figure("restart_" + name + "_otp", bench::median(otp),
                      unit_of(name));
  auto is_memory = name == "memory";
  auto ours_above = is_memory || name == "per_second";
  std::vector<double> ratios;
  for (size_t i = 0; i < ours.size(); ++i)
    ratios.push_back(ours_above ? ours[i] / otp[i] : otp[i] / ours[i]);
  bench::print_figure("restart_" + name + (is_memory ? "_share" : "_gain"),
                      bench::median(ratios), "ratio");
}

void print(const side& ours, const side& otp) {
  for (const auto& [name, values] : ours) {
    bench::print_figure("restart_" + name, bench::median(values),
                        unit_of(name));
    if (auto it = otp.find(name); it != otp.end())
      print_beside(name, values, it->second);
  }
  bench::print_figure("restart_memory_total_otp",
                      bench::median(otp.at("memory_total")), "bytes");
}

/// Answers one question in this process; see `questions.hpp`.
int answer(const words& question) {
  auto number = [&](size_t i) { return std::stoull(question.at(i)); };
  bench::stage on{question.back() == "recorded"};
  const auto& name = question.front();
  if (name == "told" || name == "retry")
    bench::ask_crash(on, number(1), name == "told");
  if (name == "loop")
    bench::ask_loop(on, number(1));
  if (name == "crowd")
    bench::ask_crowd(on, number(1), number(2));
  if (name == "each")
    bench::ask_each(on, number(1));
  if (name == "bare")
    bench::ask_bare(on, number(1));
  return 64;
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 2 && std::string{argv[1]} == "--question")
    return answer({argv + 2, argv + argc});
  bench::arguments given{"bench_restart"};
  auto& rounds = given.add("rounds", 5, "how often both sides are asked");
  auto& crashes = given.add("crashes", 200, "crashes to measure per round");
  auto& restarts = given.add("restarts", 20'000, "restarts of one child");
  auto& children = given.add("children", 100'000, "children to start");
  auto& kills = given.add("kills", 10'000, "of them to kill at once");
  if (auto code = given.read(argc, argv))
    return *code;
  if (kills > children) {
    std::cerr << "bench_restart: --kills is " << kills
              << "; it must be at most --children, which is " << children
              << '\n';
    return 64;
  }
  sizes n{crashes, restarts, children, kills};
  side ours;
  side otp;
  for (int64_t i = 0; i < rounds; ++i) {
    ask_all(ours, ask_ours, n);
    ask_all(otp, ask_otp, n);
    ask_more(ours, n);
  }
  print(ours, otp);
}
