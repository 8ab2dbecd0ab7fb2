#pragma once

#include <bulwark/http/message.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::test {

/// What a connection's bytes say: the requests, in order, and whether
/// something that is no request follows the last of them.
struct reading {
  std::vector<http_request> requests;

  /// Of each request, whether another may follow.
  std::vector<bool> keep_alive;
  bool refused = false;
};

/// Reads all bytes of a connection at once by RFC 9112: a second reading,
/// which shares no code with the server's. It goes by the grammar's rules one
/// by one, as regular expressions would, and cares for nothing else: each
/// element is cut out of the whole text. Reads behind a request that ends its
/// connection as well.
reading read_plainly(const std::string& bytes, size_t header_max,
                     size_t body_max);

} // namespace bulwark::test
