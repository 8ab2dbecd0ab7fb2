// How soon a node that is gone is noticed, and how often one that is there is
// taken for gone, with self-doubt and without: 10^4 rounds each, on virtual
// time. The table in docs/cluster.md is printed here.
#include <bulwark/cluster/detail/peer_watch.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <random>
#include <string>
#include <utility>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

enum class beats { regular, jittery, bursty, starved_observer, starved_peer };

struct noticed {
  size_t false_alarms = 0;
  duration after{0};
};

/// One node that looks at another one every 50 ms, unless it does not get to
/// run: then it learns of what came up to 100 ms after it runs again.
class two_nodes {
public:
  two_nodes(beats how, bool doubts) : how_(how), doubts_(doubts) {
    watch_.add("beta", begin_);
  }

  noticed play(int rounds) {
    noticed result;
    auto end = begin_ + rounds * options_.beat;
    while (now_ < end) {
      turn();
      arrive();
      result.false_alarms += alarms();
    }
    // Beta is gone from here on; what it sent has arrived.
    blind_until_ = now_;
    arrive();
    alarms();
    auto last = heard_;
    for (int i = 0; i < 10'000 && result.after == 0s; ++i) {
      turn();
      if (alarms() > 0)
        result.after = now_ - last;
    }
    return result;
  }

private:
  duration up_to(duration most) {
    return std::chrono::milliseconds{random_()
                                     % static_cast<uint64_t>(most / 1ms)};
  }

  duration late() {
    switch (how_) {
    case beats::jittery:
      return up_to(500ms);
    case beats::bursty:
      return (4 - round_ % 4) % 4 * 1s;
    case beats::starved_peer:
      return random_() % 100 == 0 ? up_to(3s) : 0s;
    default:
      return 0s;
    }
  }

  /// The observer runs for one tick, or not for a while.
  void turn() {
    auto starved = how_ == beats::starved_observer && random_() % 200 == 0;
    now_ += starved ? up_to(20s) : 50ms;
    if (starved)
      blind_until_ = now_ + up_to(100ms);
    if (now_ < due_)
      return;
    watch_.beat(now_);
    due_ = now_ + options_.beat;
  }

  /// What has been sent by now arrives, unless nothing is let in yet.
  void arrive() {
    for (;;) {
      if (beat_at_ == time_point{})
        beat_at_ = std::max(begin_ + ++round_ * options_.beat + late(), sent_);
      if (beat_at_ > now_)
        break;
      sent_ = std::exchange(beat_at_, {});
    }
    if (now_ < blind_until_ || sent_ <= heard_)
      return;
    heard_ = sent_;
    watch_.heard("beta", heard_);
    plain_.heard(heard_);
  }

  size_t alarms() {
    auto changes = watch_.look(now_);
    auto with = static_cast<size_t>(
      std::count_if(changes.begin(), changes.end(),
                    [](const auto& each) { return each.suspect; }));
    auto suspect = plain_.suspect(now_);
    auto without = size_t{suspect && !plain_suspect_};
    plain_suspect_ = suspect;
    return doubts_ ? with : without;
  }

  const noticing_options options_;
  const time_point begin_{1h};
  beats how_;
  bool doubts_;
  std::mt19937_64 random_{7};
  peer_watch watch_{options_, begin_};
  arrival_history plain_{options_, begin_};
  bool plain_suspect_ = false;
  time_point now_ = begin_;
  time_point due_ = begin_ + options_.beat;
  time_point heard_ = begin_;
  time_point sent_ = begin_;
  time_point beat_at_{};
  time_point blind_until_{};
  int64_t round_ = 0;
};

void tell(const std::string& name, const noticed& what) {
  std::cout << "noticing_" << name << "_after "
            << std::chrono::duration<double>(what.after).count() << " s\n"
            << "noticing_" << name << "_alarms " << what.false_alarms
            << " count\n";
}

} // namespace

TEST_CASE("with self-doubt a node that does not get to run takes nobody for "
          "gone, and others are noticed as soon",
          "[noticing][table]") {
  const std::pair<beats, std::string> all[] = {
    {beats::regular, "regular"},
    {beats::jittery, "jittery"},
    {beats::bursty, "bursty"},
    {beats::starved_observer, "starved_observer"},
    {beats::starved_peer, "starved_peer"}};
  for (const auto& [how, name] : all) {
    CAPTURE(name);
    auto with = two_nodes{how, true}.play(10'000);
    auto without = two_nodes{how, false}.play(10'000);
    tell(name, with);
    tell(name + "_undoubting", without);
    CHECK(with.false_alarms == 0);
    CHECK(with.after > 3s);
    if (how == beats::starved_observer) {
      CHECK(without.false_alarms > 100);
    } else {
      CHECK(without.false_alarms == 0);
      CHECK(with.after <= without.after + 1s);
    }
  }
}
