#include <bulwark/chaos/experiment_course.hpp>
#include <bulwark/options/config_error.hpp>
#include <bulwark/program/detail/arguments.hpp>
#include <bulwark/program/detail/commands.hpp>
#include <bulwark/program/detail/experiment_nodes.hpp>
#include <bulwark/program/detail/probe_load.hpp>
#include <bulwark/text/detail/log_text.hpp>

#include <boost/any.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

// Runs an experiment: nodes that were started with --chaos are lent faults, for
// as long as this program goes on renewing them.

namespace bulwark::program {

namespace {

namespace po = boost::program_options;

using namespace std::chrono_literals;
using texts = std::vector<std::string>;
using steady = std::chrono::steady_clock;

/// How often events are asked for, and an abort is looked for.
constexpr auto news_every = 200ms;
constexpr auto signal_gap = 20ms;

/// Before the first look, so that probes have figures.
constexpr auto warm_up = 3s;

volatile std::sig_atomic_t told_to_abort = 0;

void on_abort(int) {
  told_to_abort = 1;
}

po::options_description known() {
  po::options_description result{"Options"};
  result.add_options()("file", po::value<std::string>()->value_name("FILE"),
                       "the experiment")(
    "data", po::value<texts>()->required()->value_name("DIR"),
    "folder of nodes that it is about, which holds their addresses and tokens; "
    "many times")("at", po::value<texts>()->value_name("HOST:PORT"),
                  "where its probes go; many times: to each in turn");
  for (const auto* field :
       {"name", "duration", "recovery", "services", "replicas", "last_replica",
        "nodes", "seed", "expect"})
    result.add_options()(field, po::value<std::string>()->value_name("VALUE"),
                         "as in the file");
  for (const auto* field : {"probe", "steady", "fault", "abort", "protection"})
    result.add_options()(field, po::value<texts>()->value_name("VALUE"),
                         "as in the file; many times");
  result.add_options()(
    "format",
    po::value<std::string>()->default_value("text")->value_name("FORMAT"),
    "text or json");
  return result;
}

std::string text_of_file(const po::variables_map& given) {
  if (given.count("file") == 0)
    return "";
  auto path = given["file"].as<std::string>();
  std::ifstream file{path};
  if (!file)
    throw config_error{"file is " + bulwark::quoted(path)
                       + "; it cannot be read"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The file, and behind it a line for each flag.
experiment experiment_of(const po::variables_map& given) {
  auto text = text_of_file(given);
  for (const auto& [field, value] : given) {
    if (field == "file" || field == "data" || field == "at"
        || field == "format")
      continue;
    if (const auto* one = boost::any_cast<std::string>(&value.value()))
      text += "\n" + field + " = " + *one;
    else if (const auto* all = boost::any_cast<texts>(&value.value()))
      for (const auto& each : *all)
        text += "\n" + field + " = " + each;
  }
  experiment result;
  if (auto wrong = read_experiment(text, result))
    throw config_error{*wrong};
  return result;
}

std::vector<host_port> addresses_of(const po::variables_map& given,
                                    const experiment& what) {
  std::vector<host_port> result;
  if (given.count("at") != 0)
    for (const auto& text : given["at"].as<texts>()) {
      auto where = parse_host_port(text);
      if (!where || where->port == 0)
        throw config_error{"--at is " + bulwark::quoted(text)
                           + "; it must be HOST:PORT, such as 127.0.0.1:8080"};
      result.push_back(*where);
    }
  if (result.empty() && !what.probes.empty())
    throw config_error{"the experiment has probes; --at says where they go"};
  return result;
}

/// Runs one experiment to its end.
class conductor {
public:
  conductor(const experiment& what, std::vector<named_node> nodes,
            std::vector<host_port> where)
    : what_(what),
      course_(what),
      nodes_(std::move(nodes), what),
      load_(what.probes, std::move(where)) {}

  experiment_report run() {
    nodes_.begin();
    wait_until(steady::now() + (what_.probes.empty() ? 0s : warm_up));
    for (auto next = steady::now(); !over();
         next += experiment_course::look_every) {
      wait_until(next);
      if (over())
        break;
      hear();
      figure_readings figures;
      load_.read(figures);
      nodes_.read(figures);
      act(course_.look(figures, steady::now()));
    }
    hear();
    nodes_.end();
    return course_.report();
  }

private:
  /// Whoever told it to end waits for no recovery.
  bool over() const { return course_.is_over() || aborted_; }

  void act(experiment_act what) {
    switch (what) {
    case experiment_act::inject:
      return inject();
    case experiment_act::lift:
      return nodes_.lift();
    case experiment_act::renew:
    case experiment_act::none:
      // Also after the faults: events go on to carry its name.
      return nodes_.renew();
    }
  }

  void inject() {
    for (size_t i = 0; i < what_.faults.size(); ++i)
      if (auto why = nodes_.lend(i))
        return act(course_.refuse(*why, steady::now()));
  }

  void hear() {
    for (const auto& each : nodes_.news())
      course_.see(each, steady::now());
  }

  void wait_until(time_point when) {
    auto news_at = steady::now() + news_every;
    while (steady::now() < when && !over()) {
      std::this_thread::sleep_for(signal_gap);
      if (told_to_abort != 0) {
        aborted_ = true;
        act(course_.abort("told to by a signal", steady::now()));
      } else if (steady::now() >= news_at) {
        hear();
        news_at = steady::now() + news_every;
      }
    }
  }

  experiment what_;
  experiment_course course_;
  experiment_nodes nodes_;
  probe_load load_;
  bool aborted_ = false;
};

} // namespace

int chaos(const texts& arguments) {
  auto given = read_arguments(
    "chaos",
    "Makes nodes fail on purpose, and tells whether all stayed well: the "
    "experiment is in a\nfile, in options, or in both. Ends with 0 if all was "
    "as its author wrote, with 3 if not.",
    known(), arguments, {"file"});
  if (!given)
    return 0;
  auto as_json = wants_json(*given);
  auto what = experiment_of(*given);
  auto where = addresses_of(*given, what);
  auto nodes = find_nodes((*given)["data"].as<texts>());
  std::signal(SIGINT, on_abort);
  std::signal(SIGTERM, on_abort);
  auto report = conductor{what, std::move(nodes), std::move(where)}.run();
  std::cout << (as_json ? to_json(report) + '\n' : to_text(report));
  return report.as_expected() ? 0 : exit_unexpected;
}

} // namespace bulwark::program
