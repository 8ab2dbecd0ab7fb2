// Question: a node is killed; how long until those whose requests were in
// flight to it have their answers? The victim is this program again, as a
// process of its own that is killed by SIGKILL; the time runs from just before
// the signal to the last of the answers, all of them `unreachable`.
//
//   bench_loss [--kills N] [--requests N]
//
// Unit: milliseconds, and answers that were something else.

#include "support/arguments.hpp"
#include "support/figures.hpp"
#include "support/process.hpp"

#include <bulwark/bulwark.hpp>
#include <bulwark/caf/caf_error.hpp>

#include <caf/scoped_actor.hpp>
#include <caf/stateful_actor.hpp>
#include <stdlib.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;

struct kept {
  std::vector<caf::response_promise> promises;
};

/// Answers at once, or never.
caf::behavior orders(caf::stateful_actor<kept>* self) {
  return {
    [self](bool answer) -> caf::result<bool> {
      if (answer)
        return true;
      self->state.promises.push_back(self->make_response_promise<bool>());
      return self->state.promises.back();
    },
  };
}

std::unique_ptr<test::process> start_victim(const std::string& address) {
  auto data = std::filesystem::temp_directory_path() / "bulwark_bench_loss";
  return std::make_unique<test::process>(
    "/proc/self/exe",
    std::vector<std::string>{"--name=beta", "--listen=" + address,
                             "--data=" + data.string(), "--drain=0s"});
}

struct figures {
  std::vector<double> took;
  double others = 0;
};

void await_victim(caf::scoped_actor& self, const caf::actor& to) {
  for (bool up = false; !up;)
    self->request(to, caf::infinite, true)
      .receive([&](bool) { up = true; },
               [](const caf::error&) { std::this_thread::yield(); });
}

void kill_once(caf::scoped_actor& self, const caf::actor& to,
               test::process& victim, int64_t requests, figures& result) {
  using handle = decltype(self->request(to, caf::infinite, false));
  std::vector<handle> open;
  for (int64_t i = 0; i < requests; ++i)
    open.push_back(self->request(to, caf::infinite, false));
  // Answered behind them: all of them are over there.
  await_victim(self, to);
  auto start = steady::now();
  victim.signal(SIGKILL);
  for (auto& each : open)
    std::move(each).receive([&](bool) { ++result.others; },
                            [&](const caf::error& err) {
                              result.others +=
                                err == bulwark::errc::unreachable ? 0 : 1;
                            });
  std::chrono::duration<double, std::milli> ms = steady::now() - start;
  result.took.push_back(ms.count());
  victim.wait_exit();
}

void measure(bulwark::node& node, std::unique_ptr<test::process> victim,
             const std::string& address, int64_t kills, int64_t requests) {
  caf::scoped_actor self{node.system()};
  auto to = node.gate("orders");
  figures result;
  for (int64_t i = 0; i < kills; ++i) {
    if (!victim)
      victim = start_victim(address);
    await_victim(self, to);
    kill_once(self, to, *victim, requests, result);
    victim.reset();
  }
  bench::print_figure("kill_to_answers_p50", bench::quantile(result.took, 0.5),
                      "ms");
  bench::print_figure("kill_to_answers_max", bench::quantile(result.took, 1),
                      "ms");
  bench::print_figure("other_answers", result.others, "answers");
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string{argv[1]} == "--name=beta")
    return bulwark::run(
      argc, argv, [](bulwark::node& node) { node.service("orders", orders); });
  bench::arguments given{"bench_loss"};
  auto& kills = given.add("kills", 20, "how often the other node is killed");
  auto& requests = given.add("requests", 64, "in flight at each kill");
  if (auto code = given.read(argc, argv))
    return *code;
  auto victim = start_victim("127.0.0.1:0");
  auto address =
    test::field_of(victim->wait_for_line("node_started"), "listen");
  std::array<const char*, 6> options{"bench_loss",       "--name=alpha",
                                     "--join",           address.c_str(),
                                     "--log-level=crit", "--drain=0s"};
  std::thread measuring;
  auto code = bulwark::run(
    static_cast<int>(options.size()), const_cast<char**>(options.data()),
    [&](bulwark::node& node) {
      node.on_start([&] {
        measuring = std::thread{[&] {
          measure(node, std::move(victim), address, kills, requests);
          node.stop();
        }};
      });
    });
  if (measuring.joinable())
    measuring.join();
  return code;
}
