#pragma once

#include <bulwark/time/time.hpp>

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bulwark::detail {

/// A TCP connection whose every call ends at a deadline, also one that need
/// not wait. All functions throw `http_error`.
///
/// Confined to one thread.
class blocking_socket {
public:
  /// Once `give_up` is true, every call has reached its deadline, also one
  /// that waits. It must outlive this object; null: it never is.
  blocking_socket(const std::string& host, uint16_t port, time_point deadline,
                  const std::atomic<bool>* give_up = nullptr);
  ~blocking_socket();
  blocking_socket(const blocking_socket&) = delete;
  blocking_socket& operator=(const blocking_socket&) = delete;

  void send(std::string_view bytes, time_point deadline);

  /// Returns how many bytes came, 0 when the peer has ended the connection.
  size_t receive(std::span<char> into, time_point deadline);

  /// Whether the peer has closed, or sent something unasked: either way this
  /// connection cannot carry another request.
  bool stale() const noexcept;

private:
  /// Returns when `what` can be done, as `poll` names it.
  void wait_for(short what, time_point deadline) const;

  void check(time_point deadline) const;

  int fd_ = -1;
  const std::atomic<bool>* give_up_;
};

} // namespace bulwark::detail
