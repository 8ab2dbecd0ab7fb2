// For libFuzzer: what comes over a connection, in pieces. The first byte says
// which side speaks and how the others are cut.
#include <bulwark/cluster/detail/frame_reader.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace bulwark::detail;

constexpr bulwark::wire_limits limits{.payload_max = 5000, .hello_max = 300};

/// A node's id of the kind that CAF writes.
std::string own_id() {
  return std::string("\0\0\x0d\x5a\x49\x0b\x79\x2d", 8) + std::string(24, 'o');
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  auto side = data[0] % 2 == 0 ? wire_side::accepted : wire_side::dialled;
  auto piece = size_t{data[0]} / 2 + 1;
  frame_reader reader{frame_check{side, own_id(), limits}};
  std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  while (!rest.empty() && reader.refusal() == nullptr) {
    auto some = rest.substr(0, piece);
    rest.remove_prefix(some.size());
    while (reader.read(some)) {
      auto head = read_header(reader.head());
      auto bound = limits.payload_max;
      // What is whole is what was announced, and nothing comes unshaken.
      if (head.payload != reader.payload().size() || head.payload > bound
          || !reader.check().shaken())
        std::abort();
    }
    if (reader.payload().capacity() > limits.payload_max)
      std::abort();
  }
  return 0;
}
