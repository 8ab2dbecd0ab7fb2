#pragma once

#include <bulwark/pool/detail/lease_core.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>

#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace bulwark {

/// A connection out of a pool, or the reason why there is none. Goes back to
/// its pool when it is destroyed, in whatever thread; if that happens because
/// of an exception, the pool validates it before it gives it away again.
///
/// It may outlive its pool; then it closes its connection itself. When the
/// actor for which it was acquired dies first the pool takes it back: it is
/// not used again, and whatever waits on it is woken if its type can do that.
///
/// Confined to one thread at a time.
template <class Connection>
class connection_lease {
public:
  /// None, without a reason.
  connection_lease() = default;

  explicit connection_lease(caf::error why) : error_(std::move(why)) {}

  explicit connection_lease(std::shared_ptr<detail::lease_core> what)
    : core_(std::move(what)), exceptions_(std::uncaught_exceptions()) {}

  connection_lease(connection_lease&&) noexcept = default;

  connection_lease& operator=(connection_lease&& other) noexcept {
    give_back();
    core_ = std::move(other.core_);
    error_ = std::move(other.error_);
    exceptions_ = other.exceptions_;
    return *this;
  }

  ~connection_lease() { give_back(); }

  explicit operator bool() const noexcept { return core_ != nullptr; }

  /// Why there is none.
  const caf::error& error() const noexcept { return error_; }

  /// @pre there is one
  Connection& operator*() const noexcept { return *get(); }
  Connection* operator->() const noexcept { return get(); }

  /// Gives it back now.
  void give_back() noexcept {
    leave(std::uncaught_exceptions() > exceptions_ ? connection_verdict::suspect
                                                   : connection_verdict::good);
  }

  /// Gives it back to be closed: it is broken, or in a state that nobody else
  /// should find it in.
  void discard() noexcept { leave(connection_verdict::broken); }

private:
  Connection* get() const noexcept {
    return static_cast<Connection*>(core_->object());
  }

  void leave(connection_verdict verdict) noexcept {
    if (auto mine = std::exchange(core_, nullptr))
      mine->give_back(verdict);
  }

  std::shared_ptr<detail::lease_core> core_;
  caf::error error_;
  int exceptions_ = 0;
};

/// What a pool answers to `acquire_connection`. Dropped with the connection
/// inside it, it gives that back.
///
/// Confined to one thread at a time.
template <class Connection>
class connection_offer {
public:
  explicit connection_offer(std::shared_ptr<detail::lease_core> what)
    : core_(std::make_shared<slot>(slot{std::move(what)})) {}

  /// Takes the connection out; the first one who does so has it.
  connection_lease<Connection> take() const {
    if (!core_->what)
      return {};
    return connection_lease<Connection>{std::exchange(core_->what, nullptr)};
  }

  /// For CAF's log; also hides what the library of a connection may offer.
  friend std::string to_string(const connection_offer&) {
    return "connection_offer";
  }

private:
  struct slot {
    std::shared_ptr<detail::lease_core> what;
  };

  std::shared_ptr<slot> core_;
};

} // namespace bulwark

namespace caf {

template <class Connection>
struct allowed_unsafe_message_type<bulwark::connection_offer<Connection>>
  : std::true_type {};

} // namespace caf
