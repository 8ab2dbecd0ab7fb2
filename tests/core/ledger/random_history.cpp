#include "core/ledger/random_history.hpp"

#include "core/ledger/history.hpp"

#include <array>
#include <random>
#include <string>
#include <utility>

using namespace bulwark;
using namespace std::chrono_literals;

namespace {

class teller {
public:
  teller(uint64_t seed, int days) : random_(seed), days_(days) {}

  std::vector<event> tell(size_t length) {
    for (const auto& node : nodes_)
      about_start(node);
    auto mean = std::chrono::hours{24 * days_} / static_cast<int64_t>(length);
    while (all_.events().size() < length) {
      pass(mean);
      about(nodes_[below(nodes_.size())]);
    }
    auto events = all_.events();
    // Some never arrive.
    std::erase_if(events, [&](auto&) { return below(20) == 0; });
    return events;
  }

private:
  size_t below(size_t limit) { return random_() % limit; }

  void pass(duration mean) {
    switch (below(7)) {
    case 0:
      return;
    case 3:
      // As far apart as failures of one cascade may be.
      now_ += 300s;
      return;
    case 1:
      // To a full hour.
      now_ = (now_ / 1h + 1) * 1h;
      return;
    case 2:
      now_ += std::chrono::milliseconds{below(400'000)};
      return;
    default:
      now_ += std::chrono::microseconds{
        random_() % static_cast<uint64_t>(mean / 1us * 3 + 1)};
    }
  }

  event& say(const std::string& node, event_kind kind,
             const std::string& component) {
    auto& what = all_.tell(now_, node, kind, component);
    if (classify(kind) == event_class::failure) {
      what.level = static_cast<severity>(below(5));
      what.failure = static_cast<failure_type>(below(9));
      if (below(4) == 0)
        what.type_word = "word_" + std::to_string(below(5));
    }
    if (classify(kind) == event_class::recovery) {
      if (below(2) == 0)
        what.downtime = std::chrono::milliseconds{below(1'000'000)};
      if (below(8) == 0)
        what.with("estimated", "true");
    }
    return what;
  }

  void about_start(const std::string& node) {
    for (const auto* service : {"orders", "billing", "stock"}) {
      if (below(4) == 0)
        continue;
      auto path = std::string{"/root/"} + service;
      say(node, event_kind::child_started, path + "/" + service + "#1");
      auto& what = say(node, event_kind::service_started, path);
      if (below(2) == 0)
        what.with("bulkhead", below(2) == 0 ? "db" : "net");
      if (below(2) == 0)
        what.with("depends_on", below(2) == 0 ? "stock" : "billing,disk");
    }
    say(node, event_kind::node_started, "node/" + node);
  }

  void about(const std::string& node) {
    switch (below(10)) {
    case 0:
    case 1:
      return about_other(node);
    case 2:
      return about_end(node);
    case 3: {
      auto kind = below(2) == 0 ? event_kind::failure_reported
                                : event_kind::recovery_reported;
      say(node, kind, "disk");
      return;
    }
    default:
      about_service(node);
    }
  }

  void about_other(const std::string& node) {
    constexpr std::array kinds{event_kind::node_lost, event_kind::node_lost,
                               event_kind::node_joined, event_kind::node_joined,
                               event_kind::node_left};
    say(node, kinds[below(kinds.size())],
        "node/" + nodes_[below(nodes_.size())]);
  }

  void about_end(const std::string& node) {
    auto clean = below(2) == 0;
    auto component = "node/" + node;
    if (clean)
      say(node, event_kind::node_stopped, component);
    auto down = std::chrono::microseconds{random_() % 7'200'000'000};
    now_ += below(2) == 0 ? down : 0us;
    all_.boot(now_, node);
    if (below(2) == 0)
      about_start(node);
    if (!clean) {
      auto& what = say(node, event_kind::node_crashed, component);
      what.downtime = down;
    }
  }

  void about_service(const std::string& node) {
    constexpr std::array of_service{
      event_kind::service_down,  event_kind::service_up,
      event_kind::service_up,    event_kind::service_down,
      event_kind::child_failed,  event_kind::child_restarted,
      event_kind::child_started, event_kind::child_gave_up};
    constexpr std::array of_child{
      event_kind::child_failed,  event_kind::child_restarted,
      event_kind::child_failed,  event_kind::child_started,
      event_kind::child_gave_up, event_kind::child_stopped,
      event_kind::dead_letter};
    constexpr std::array names{"orders", "billing", "stock"};
    std::string service = names[below(names.size())];
    auto path = "/root/" + service;
    if (below(2) == 0)
      say(node, of_service[below(of_service.size())], path);
    else
      say(node, of_child[below(of_child.size())],
          path + "/" + service + "#" + std::to_string(1 + below(2)));
  }

  std::mt19937_64 random_;
  int days_;
  std::vector<std::string> nodes_{"alpha", "beta", "gamma"};
  history all_;
  duration now_{0};
};

} // namespace

std::vector<event> random_history(uint64_t seed, size_t length, int days) {
  return teller{seed, days}.tell(length);
}
