// What a full mesh costs, and how soon it agrees, as it grows: 10, 50 and 200
// nodes that are each made of what decides in a real one, on virtual time. The
// table in docs/cluster.md is printed here.
#include <bulwark/cluster/detail/membership.hpp>
#include <bulwark/cluster/detail/peer_watch.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;
using namespace std::chrono_literals;

namespace {

const noticing_options mesh_options;
const time_point mesh_start{1h};

/// How often a node looks, as `wire::tick`.
constexpr auto mesh_tick = 50ms;

// On the wire: CAF's header, and TCP's and IP's for it and for its ack.
constexpr uint64_t beat_bytes = 32 + 2 * 52;
constexpr uint64_t question_bytes = 32 + 150 + 2 * 52;
constexpr uint64_t answer_bytes = 32 + 40 + 2 * 52;

struct mesh_node {
  peer_watch watch{mesh_options, mesh_start};
  membership members{mesh_options};
  duration beat_offset{0};
};

class mesh {
public:
  explicit mesh(size_t count) : random_(count) {
    for (size_t i = 0; i < count; ++i) {
      all_.push_back(std::make_unique<mesh_node>());
      all_.back()->beat_offset = 50ms * (random_() % 20);
    }
    for (size_t i = 0; i < count; ++i)
      for (size_t j = 0; j < count; ++j)
        if (i != j) {
          all_[i]->watch.add(name(j), mesh_start);
          all_[i]->members.connected(name(j), 1, "", mesh_start);
        }
  }

  void run(duration time) {
    for (duration done{0}; done < time; done += mesh_tick) {
      now_ += mesh_tick;
      beat();
      for (size_t i = 0; i < all_.size(); ++i)
        if (i != gone_)
          look(i);
    }
  }

  /// It sends nothing any more; `closed`: its sockets are closed at once.
  void end(size_t which, bool closed) {
    gone_ = which;
    ended_ = now_;
    for (size_t i = 0; closed && i < all_.size(); ++i)
      if (i != which)
        drop(i, name(which));
  }

  /// Until all agree that it is lost; 0: they do not.
  duration agreed() const {
    return lost_ == all_.size() - 1 ? last_lost_ - ended_ : duration{0};
  }

  uint64_t messages() const { return messages_; }
  uint64_t bytes() const { return bytes_; }
  size_t false_alarms() const { return false_alarms_; }

private:
  static std::string name(size_t i) { return std::to_string(1000 + i); }
  static size_t number(const std::string& name) {
    return std::stoul(name) - 1000;
  }

  void sent(uint64_t bytes) {
    ++messages_;
    bytes_ += bytes;
  }

  void beat() {
    for (size_t i = 0; i < all_.size(); ++i) {
      if (i == gone_ || (now_ - mesh_start - all_[i]->beat_offset) % 1s != 0ns)
        continue;
      all_[i]->watch.beat(now_);
      for (size_t j = 0; j < all_.size(); ++j)
        if (i != j && j != gone_) {
          sent(beat_bytes);
          all_[j]->watch.heard(name(i), now_ - 1ms * (random_() % 50));
        }
    }
  }

  void look(size_t i) {
    auto& it = *all_[i];
    for (const auto& each : it.watch.look(now_))
      if (each.suspect)
        note(i, it.members.suspected(each.node, "", now_));
      else
        note(i, it.members.heard(each.node, now_));
    note(i, it.members.look(now_));
    for (const auto& each : it.members.take_questions()) {
      sent(question_bytes);
      if (number(each.whom) == gone_)
        continue;
      sent(answer_bytes);
      auto reaches = all_[number(each.whom)]->members.reaches(each.about);
      note(i, it.members.answered(each, reaches, now_));
    }
  }

  void drop(size_t i, const std::string& node) {
    note(i, all_[i]->members.disconnected(node, false, "", now_));
  }

  void note(size_t i, const membership::changes& what) {
    for (const auto& each : what) {
      if (each.close) {
        all_[i]->watch.remove(each.node);
        drop(i, each.node);
      }
      if (!each.lost)
        continue;
      if (number(each.node) != gone_)
        ++false_alarms_;
      else if (++lost_ > 0)
        last_lost_ = now_;
    }
  }

  std::mt19937_64 random_;
  std::vector<std::unique_ptr<mesh_node>> all_;
  time_point now_ = mesh_start;
  size_t gone_ = SIZE_MAX;
  time_point ended_{};
  time_point last_lost_{};
  size_t lost_ = 0;
  size_t false_alarms_ = 0;
  uint64_t messages_ = 0;
  uint64_t bytes_ = 0;
};

duration agree_after(size_t count, bool closed) {
  mesh it{count};
  it.run(5s);
  it.end(count / 2, closed);
  it.run(15s);
  CHECK(it.false_alarms() == 0);
  return it.agreed();
}

double seconds(duration time) {
  return std::chrono::duration<double>(time).count();
}

} // namespace

TEST_CASE("what a mesh costs grows with its nodes, how soon it agrees does not",
          "[members][growth]") {
  for (size_t count : {10u, 50u, 200u}) {
    CAPTURE(count);
    constexpr auto quiet = 10s;
    mesh it{count};
    it.run(quiet);
    auto each = static_cast<double>(count) * seconds(quiet);
    auto messages = static_cast<double>(it.messages()) / each;
    auto killed = agree_after(count, true);
    auto frozen = agree_after(count, false);
    std::cout << "mesh_" << count << "_messages " << messages << " 1/s\n"
              << "mesh_" << count << "_bytes "
              << static_cast<double>(it.bytes()) / each << " B/s\n"
              << "mesh_" << count << "_agree_killed " << seconds(killed)
              << " s\n"
              << "mesh_" << count << "_agree_frozen " << seconds(frozen)
              << " s\n";
    CHECK(messages == Approx(static_cast<double>(count - 1)));
    CHECK(killed > 0s);
    CHECK(killed <= 3s);
    CHECK(frozen > 4s);
    CHECK(frozen <= 8s);
  }
}
