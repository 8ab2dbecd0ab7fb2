// Frames in pieces: headers as bytes, frames out of a stream of bytes, and
// what waits to be sent.
#include <bulwark/cluster/detail/frame_reader.hpp>
#include <bulwark/cluster/detail/send_queue.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace bulwark;
using namespace bulwark::detail;

namespace {

std::string node(char name) {
  return std::string{"\0\0\0\0\0\0\1\2\0\0\0\7", 12}.append(20, name);
}

std::string frame(frame_header head, const std::string& payload) {
  head.payload = static_cast<uint32_t>(payload.size());
  std::string result(frame_header::size, '\0');
  write_header(head, std::span<char, frame_header::size>{result.data(),
                                                         frame_header::size});
  return result + payload;
}

frame_reader fresh() {
  return frame_reader{frame_check{wire_side::accepted, node('o'), {}}};
}

std::string hello() {
  return frame({.kind = 1}, node('p'));
}

std::string message(const std::string& text) {
  return frame({.kind = 2, .data = 5, .source = 1, .target = 9}, text);
}

/// Reads all, in pieces of at most `piece` bytes, and returns the frames.
std::vector<std::string> read_all(frame_reader& reader, std::string_view bytes,
                                  const std::function<size_t()>& piece) {
  std::vector<std::string> result;
  while (!bytes.empty() && reader.refusal() == nullptr) {
    auto some = bytes.substr(0, piece());
    bytes.remove_prefix(some.size());
    while (reader.read(some)) {
      result.emplace_back(reader.head().begin(), reader.head().end());
      result.back().append(reader.payload().begin(), reader.payload().end());
    }
  }
  return result;
}

} // namespace

TEST_CASE("a header is written as CAF writes it, and read back", "[wire]") {
  frame_header head{2,
                    0x0304,
                    5,
                    0x06070809,
                    0x1112131415161718,
                    0x2122232425262728,
                    0x3132333435363738};
  std::array<char, frame_header::size> bytes{};
  write_header(head, bytes);
  CHECK(std::string(bytes.begin(), bytes.end())
        == std::string{"\x02\x03\x04\x05\x06\x07\x08\x09"
                       "\x11\x12\x13\x14\x15\x16\x17\x18"
                       "\x21\x22\x23\x24\x25\x26\x27\x28"
                       "\x31\x32\x33\x34\x35\x36\x37\x38"});
  CHECK(read_header(bytes) == head);
}

TEST_CASE("frames are the same however their bytes come", "[wire]") {
  std::mt19937_64 random{7};
  std::vector<std::string> taken{hello()};
  auto all = hello();
  for (int i = 0; i < 200; ++i) {
    taken.push_back(
      message(std::string(1 + random() % 300, char('a' + i % 26))));
    all += taken.back();
    // What is passed over between them.
    all += frame({.kind = 3}, std::string(random() % 200, 'r'));
    all += frame({.kind = 4}, node('t') + node('o'));
    all += frame({.kind = 2, .flags = 1, .target = 1}, "to a name");
  }
  for (size_t piece : {1, 2, 31, 32, 33, 1000, 1'000'000}) {
    auto reader = fresh();
    CHECK(read_all(reader, all, [=] { return piece; }) == taken);
    CHECK(reader.refusal() == nullptr);
  }
  for (int round = 0; round < 100; ++round) {
    auto reader = fresh();
    CHECK(read_all(reader, all, [&] { return 1 + random() % 400; }) == taken);
  }
}

TEST_CASE("what is announced takes no memory before it comes", "[wire]") {
  auto reader = fresh();
  auto bytes = hello() + message(std::string(wire_limits{}.payload_max, 'x'));
  std::string_view begin{bytes.data(), hello().size() + 32 + 1000};
  CHECK(reader.read(begin));
  CHECK_FALSE(reader.read(begin));
  CHECK(begin.empty());
  CHECK(reader.payload().capacity() <= 2000);
  std::string_view rest{bytes};
  rest.remove_prefix(hello().size() + 32 + 1000);
  CHECK(reader.read(rest));
  CHECK(reader.payload().size() == wire_limits{}.payload_max);
  // And not after the next one has begun.
  auto next = message("next");
  rest = next;
  CHECK(reader.read(rest));
  CHECK(reader.payload().capacity() < 10'000);
}

TEST_CASE("nothing is read after a refusal", "[wire]") {
  auto reader = fresh();
  auto bytes = message("before a handshake") + hello();
  std::string_view left{bytes};
  CHECK_FALSE(reader.read(left));
  REQUIRE(reader.refusal() != nullptr);
  CHECK(std::string{reader.refusal()}
        == "it sent something before a handshake");
  CHECK_FALSE(reader.read(left));
}

TEST_CASE("random bytes are refused, whatever they are", "[wire]") {
  std::mt19937_64 random{11};
  for (int round = 0; round < 10'000; ++round) {
    auto reader = fresh();
    std::string bytes(64, '\0');
    for (auto& each : bytes)
      each = static_cast<char>(random());
    std::string_view left{bytes};
    CHECK_FALSE(reader.read(left));
    REQUIRE(reader.refusal() != nullptr);
  }
}

TEST_CASE("what waits comes out in order, in pieces", "[wire]") {
  std::mt19937_64 random{3};
  send_queue queue;
  std::string in;
  std::string out;
  for (int round = 0; round < 2000; ++round) {
    std::string some(random() % 3000, char('a' + round % 26));
    queue.append(some);
    in += some;
    for (auto looks = random() % 3; looks > 0 && !queue.empty(); --looks) {
      auto front = queue.front();
      REQUIRE_FALSE(front.empty());
      auto count = 1 + random() % front.size();
      out += front.substr(0, count);
      queue.sent(count);
    }
    REQUIRE(queue.size() == in.size() - out.size());
  }
  while (!queue.empty()) {
    out += queue.front();
    queue.sent(queue.front().size());
  }
  CHECK(out == in);
  CHECK(queue.front().empty());
}

TEST_CASE("what is dropped is gone", "[wire]") {
  send_queue queue;
  queue.append(std::string(200'000, 'x'));
  queue.sent(1000);
  queue.clear();
  CHECK(queue.empty());
  queue.append("abc");
  CHECK(queue.front() == "abc");
}
