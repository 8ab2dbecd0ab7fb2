// A client of an API that fails, hangs, cuts the connection and sends garbage:
// it goes on with what it knows, leaves the API alone for a while, and finds
// out when it is well again.
//
//   external_api [--recovery=30s] [--pause=100ms] [--timeout=1s]
//
// The API is the storefront's partner, in this process, on a real connection.

#include "external_api/client.hpp"
#include "partner/moody_door.hpp"
#include "partner/shipments.hpp"

#include <bulwark/http/server.hpp>
#include <bulwark/text/duration_text.hpp>

#include <exception>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace {

using bulwark::duration;

constexpr int calls = 20;
constexpr int users = 6;

// Four good answers, and then the worst: three that open the breaker, and one
// for its first probe.
constexpr auto moods = "well*4,fail,cut,hang,garbage";

using arguments = std::map<std::string_view, duration>;

/// Returns false for what is no argument of this program.
bool read(std::string_view text, arguments& to) {
  auto equals = text.find('=');
  if (!text.starts_with("--") || equals == std::string_view::npos)
    return false;
  auto known = to.find(text.substr(2, equals - 2));
  auto value = bulwark::parse_duration(text.substr(equals + 1));
  if (known == to.end() || !value)
    return false;
  known->second = *value;
  return true;
}

std::string word_of(const external_api::api_answer& answer) {
  if (answer.fallback)
    return "FALLBACK";
  return answer.from_cache ? "CACHED" : "SUCCESS";
}

void print(const bulwark::breaker_metrics& metrics) {
  std::cout << "  CB State: " << to_string(metrics.state)
            << ", Success Rate: " << std::fixed << std::setprecision(1)
            << metrics.success_rate << "%, failures " << metrics.failure_count
            << ", recent " << metrics.recent_calls << " of "
            << metrics.total_calls << ", mean " << metrics.avg_response_time
            << " ms" << std::endl;
}

void make_calls(external_api::client& api, duration pause) {
  for (int i = 0; i < calls; ++i) {
    auto endpoint = "/users/" + std::to_string(i % users);
    auto answer = api.make_api_call(endpoint, {{"page", "1"}});
    std::cout << "Call " << i << ": " << word_of(answer) << " (" << answer.data
              << ")" << std::endl;
    if (i % 5 == 0)
      print(api.metrics());
    std::this_thread::sleep_for(pause);
  }
  print(api.metrics());
}

int run(const arguments& given) {
  bulwark::http_server partner{{},
                               [](const bulwark::http_request& request,
                                  const bulwark::http_responder& respond) {
                                 respond(storefront::answer_partner(request));
                               }};
  auto inner = partner.listen("127.0.0.1", 0);
  partner.start();
  storefront::moody_door door{"127.0.0.1", 0, inner,
                              storefront::parse_moods(moods).value()};
  bulwark::guard_options options{
    .timeout = given.at("timeout"),
    .breaker = {.failure_threshold = 3,
                .recovery_timeout = given.at("recovery"),
                .success_threshold = 2,
                .jitter = 0}};
  bulwark::guard_hooks hooks;
  hooks.on_change = [](const bulwark::breaker_change& what) {
    std::cout << to_text(what) << std::endl;
  };
  external_api::client api{"127.0.0.1", door.port(), options, hooks};
  make_calls(api, given.at("pause"));
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  arguments given{{"recovery", 30s}, {"pause", 100ms}, {"timeout", 1s}};
  for (int i = 1; i < argc; ++i)
    if (!read(argv[i], given)) {
      std::cerr << "usage: external_api [--recovery=30s] [--pause=100ms] "
                   "[--timeout=1s]\n";
      return 64;
    }
  try {
    return run(given);
  } catch (const std::exception& e) {
    std::cerr << "external_api: " << e.what() << "\n";
    return 1;
  }
}
