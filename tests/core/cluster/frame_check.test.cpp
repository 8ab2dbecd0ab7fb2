#include <bulwark/cluster/detail/frame_check.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <set>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;

namespace {

using what = frame_verdict::kind;

std::string node(char name) {
  return std::string{"\0\0\0\0\0\0\1\2\0\0\0\7", 12} + std::string(20, name);
}

const std::string own = node('o');
const std::string peer = node('p');
const std::string third = node('t');
const wire_limits limits;

frame_header hello(wire_side of) {
  frame_header result;
  result.payload = node_id_size;
  if (of == wire_side::accepted)
    result.data = frame_header::version;
  else
    result.kind = 1;
  return result;
}

wire_side other(wire_side side) {
  return side == wire_side::dialled ? wire_side::accepted : wire_side::dialled;
}

/// The rules for a connection over which so many handshakes have come.
frame_check after(wire_side side, unsigned hellos) {
  frame_check result{side, own, limits};
  for (unsigned i = 0; i < hellos; ++i) {
    REQUIRE(result.header(hello(other(side))).what == what::take);
    REQUIRE(result.payload(hello(other(side)), peer).what == what::take);
  }
  return result;
}

// What honest nodes send, written down once more: who, when, with which flags,
// sizes, data and actors. Everything else is refused.
struct row {
  uint8_t kind;
  std::set<wire_side> sides;
  std::set<unsigned> hellos;
  std::set<uint8_t> flags;
  size_t payload_min;
  size_t payload_max;
  std::function<bool(uint64_t)> data;
  std::function<bool(uint64_t)> source;
  std::function<bool(uint64_t)> target;
  what verdict;
};

bool any(uint64_t) {
  return true;
}

bool zero(uint64_t x) {
  return x == 0;
}

bool some(uint64_t x) {
  return x != 0;
}

bool three(uint64_t x) {
  return x == 3;
}

bool no_stream(uint64_t x) {
  return (x & (uint64_t{1} << 61)) == 0;
}

const std::set both{wire_side::dialled, wire_side::accepted};
const size_t most = limits.payload_max;
const std::set<uint8_t> all_flags{0, 1, 2, 3, 4, 255};

const std::vector<row> honest{
  {0, {wire_side::dialled}, {0}, {0}, 32, 4096, three, zero, zero, what::take},
  {1,
   {wire_side::accepted},
   {0, 1},
   {0, 2},
   32,
   32,
   zero,
   zero,
   zero,
   what::take},
  {2, both, {1, 2}, {0}, 1, most, no_stream, any, some, what::take},
  {2, both, {1, 2}, {1}, 0, most, no_stream, any, any, what::skip},
  {3, both, {1, 2}, all_flags, 0, most, any, any, any, what::skip},
  {4, both, {1, 2}, {0}, 64, most, zero, zero, any, what::take},
  {5, both, {1, 2}, {0}, 64, most, zero, some, zero, what::take},
  {6, both, {1, 2}, {0}, 0, 0, zero, zero, zero, what::take},
};

what expected(wire_side side, unsigned hellos, const frame_header& head) {
  if (head.unused == 0)
    for (const auto& each : honest)
      if (each.kind == head.kind && each.sides.count(side) > 0
          && each.hellos.count(hellos) > 0 && each.flags.count(head.flags) > 0
          && head.payload >= each.payload_min
          && head.payload <= each.payload_max && each.data(head.data)
          && each.source(head.source) && each.target(head.target))
        return each.verdict;
  return what::refuse;
}

const std::array<uint32_t, 13> payloads{0,
                                        1,
                                        31,
                                        32,
                                        33,
                                        63,
                                        64,
                                        65,
                                        4096,
                                        4097,
                                        uint32_t(limits.payload_max),
                                        uint32_t(limits.payload_max + 1),
                                        0xffffffff};

const std::array<uint64_t, 10> data{0,
                                    3,
                                    2,
                                    uint64_t{1} << 60,
                                    uint64_t{2} << 60,
                                    uint64_t{3} << 60,
                                    uint64_t{1} << 63,
                                    uint64_t{9} << 60 | 77,
                                    uint64_t{11} << 60 | 77,
                                    ~uint64_t{0}};

template <class F>
void for_each_header(F act) {
  for (int kind : {0, 1, 2, 3, 4, 5, 6, 7, 8, 128, 255})
    for (int unused : {0, 1, 256})
      for (auto flags : all_flags)
        for (auto payload : payloads)
          for (auto value : data)
            for (uint64_t source : {0, 1})
              for (uint64_t target : {0, 1})
                act(frame_header{static_cast<uint8_t>(kind),
                                 static_cast<uint16_t>(unused), flags, payload,
                                 value, source, target});
}

} // namespace

TEST_CASE("every header is taken, passed over or refused as honest nodes send "
          "it",
          "[wire]") {
  size_t count = 0;
  std::array<size_t, 3> verdicts{};
  for (auto side : both)
    for (unsigned hellos = 0; hellos <= (side == wire_side::accepted ? 2U : 1U);
         ++hellos) {
      auto check = after(side, hellos);
      for_each_header([&](const frame_header& head) {
        auto got = check.header(head);
        auto right = expected(side, hellos, head);
        ++count;
        ++verdicts.at(static_cast<size_t>(got.what));
        if (got.what == right
            && (got.what == what::refuse) == (*got.reason != 0))
          return;
        CAPTURE(side, hellos, int(head.kind), head.unused, int(head.flags),
                head.payload, head.data, head.source, head.target, got.reason);
        CHECK(got.what == right);
      });
    }
  CHECK(count == 5 * 11 * 3 * 6 * 13 * 10 * 4);
  for (auto each : verdicts)
    CHECK(each > 100);
}

TEST_CASE("a header that ended a process of CAF is refused", "[wire]") {
  // A server handshake without payload, and a message of a stream.
  for (auto side : both)
    CHECK(after(side, 0).header({.data = 3}).what == what::refuse);
  for (uint64_t category : {2, 3})
    CHECK(
      after(wire_side::accepted, 1)
        .header(
          {.kind = 2, .payload = 9, .data = category << 60 | 5, .target = 1})
        .what
      == what::refuse);
}

TEST_CASE("a handshake names a node, always the same, and not this one",
          "[wire]") {
  auto head = hello(wire_side::dialled);
  auto accepted = after(wire_side::accepted, 0);
  CHECK(accepted.payload(head, std::string(32, '\0')).what == what::refuse);
  CHECK(accepted.payload(head, peer.substr(0, 31)).what == what::refuse);
  CHECK(accepted.payload(head, "x" + peer.substr(1)).what == what::refuse);
  auto no_process = peer;
  no_process[11] = 0;
  CHECK(accepted.payload(head, no_process).what == what::refuse);
  CHECK(accepted.payload(head, peer.substr(0, 12) + std::string(20, '\0')).what
        == what::refuse);
  CHECK(accepted.payload(head, own).what == what::refuse);
  CHECK_FALSE(accepted.shaken());
  CHECK(accepted.payload(head, peer).what == what::take);
  CHECK(accepted.shaken());
  CHECK(accepted.peer() == peer);
  CHECK(accepted.payload(head, third).what == what::refuse);
  CHECK(accepted.payload(head, peer).what == what::take);

  // CAF itself ends the connection that a node has dialled to itself.
  auto dialled = after(wire_side::dialled, 0);
  auto server = hello(wire_side::accepted);
  CHECK(dialled.payload(server, own + "and more").what == what::take);
}

TEST_CASE("what is from or for a third node is passed over", "[wire]") {
  auto check = after(wire_side::accepted, 1);
  for (uint8_t kind : {4, 5}) {
    frame_header head{.kind = kind, .payload = 64};
    CHECK(check.payload(head, peer + own).what == what::take);
    CHECK(check.payload(head, peer + own + "why").what == what::take);
    CHECK(check.payload(head, third + own).what == what::skip);
    CHECK(check.payload(head, peer + third).what == what::skip);
    CHECK(check.payload(head, own + peer).what == what::skip);
  }
}

TEST_CASE("messages within messages are few", "[wire]") {
  auto deep = [](size_t levels) {
    std::string result;
    for (size_t i = 0; i < levels; ++i)
      result += "@<>+@message";
    return result;
  };
  CHECK_FALSE(too_nested(""));
  CHECK_FALSE(too_nested(std::string(1'000'000, '@')));
  CHECK_FALSE(too_nested(deep(1000)));
  CHECK(too_nested(deep(1001)));
  auto check = after(wire_side::dialled, 1);
  frame_header head{.kind = 2, .payload = 1, .target = 1};
  CHECK(check.payload(head, deep(1001)).what == what::refuse);
  CHECK(check.payload(head, deep(10)).what == what::take);
}
