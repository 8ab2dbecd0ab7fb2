// For libFuzzer: what nodes send each other, as CAF reads it. The first byte
// says what it is.
#include <bulwark/cluster/detail/hello.hpp>
#include <bulwark/cluster/detail/peer_notice.hpp>
#include <bulwark/node/detail/system_config.hpp>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>

#include <cstdint>
#include <cstdlib>

namespace {

caf::actor_system& any_system() {
  static bulwark::detail::system_config config;
  static caf::actor_system system{config};
  return system;
}

template <class T>
void read(caf::binary_deserializer& source, T& into) {
  if (source(into))
    into = {};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  caf::binary_deserializer source{
    any_system(), reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] % 2 == 0) {
    bulwark::hello greeting;
    read(source, greeting);
    bulwark::hello own;
    own.cluster = "default";
    own.node = "alpha";
    // Whoever has no link is no peer.
    if (!complaint(greeting, own) && !greeting.link)
      std::abort();
  } else {
    bulwark::peer_notice notice;
    read(source, notice);
  }
  return 0;
}
