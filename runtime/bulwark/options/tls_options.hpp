#pragma once

#include <filesystem>

namespace bulwark {

/// Files in PEM with which nodes prove to each other who they are. All three or
/// none: with them every link is TLS 1.3 and asks the other side for a
/// certificate, without them none is.
///
/// Immutable after construction.
struct tls_options {
  /// The node's own certificate, followed by those between it and the
  /// authority, if there are any. The node's name must be one of its names: an
  /// entry `DNS` of its subjectAltName.
  std::filesystem::path certificate;

  /// The key of that certificate.
  std::filesystem::path key;

  /// The certificates of the authorities whose word counts.
  std::filesystem::path authority;

  bool given() const noexcept { return !certificate.empty(); }
};

} // namespace bulwark
