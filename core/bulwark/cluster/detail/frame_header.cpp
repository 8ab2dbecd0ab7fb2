#include <bulwark/cluster/detail/frame_header.hpp>

namespace bulwark::detail {

namespace {

// Where the fields begin.
constexpr size_t unused_at = 1;
constexpr size_t flags_at = 3;
constexpr size_t payload_at = 4;
constexpr size_t data_at = 8;
constexpr size_t source_at = 16;
constexpr size_t target_at = 24;

template <class T>
T get(header_bytes from, size_t at) {
  uint64_t result = 0;
  for (size_t i = 0; i < sizeof(T); ++i)
    result = result << 8 | static_cast<unsigned char>(from[at + i]);
  return static_cast<T>(result);
}

template <class T>
void put(std::span<char, frame_header::size> to, size_t at, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    to[at + i] =
      static_cast<char>(uint64_t{value} >> (8 * (sizeof(T) - 1 - i)) & 0xff);
}

} // namespace

frame_header read_header(header_bytes from) noexcept {
  frame_header result;
  result.kind = get<uint8_t>(from, 0);
  result.unused = get<uint16_t>(from, unused_at);
  result.flags = get<uint8_t>(from, flags_at);
  result.payload = get<uint32_t>(from, payload_at);
  result.data = get<uint64_t>(from, data_at);
  result.source = get<uint64_t>(from, source_at);
  result.target = get<uint64_t>(from, target_at);
  return result;
}

void write_header(const frame_header& what,
                  std::span<char, frame_header::size> to) noexcept {
  put(to, 0, what.kind);
  put(to, unused_at, what.unused);
  put(to, flags_at, what.flags);
  put(to, payload_at, what.payload);
  put(to, data_at, what.data);
  put(to, source_at, what.source);
  put(to, target_at, what.target);
}

} // namespace bulwark::detail
