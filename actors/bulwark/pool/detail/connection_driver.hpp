#pragma once

#include <bulwark/pool/connection_lease.hpp>

#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <memory>
#include <utility>

namespace bulwark::detail {

/// What a pool has to know of a type of connections. All but `offer` may block
/// and are called from threads of the pool, several at a time.
///
/// Immutable after construction.
class connection_driver {
public:
  connection_driver() = default;
  connection_driver(const connection_driver&) = delete;
  connection_driver& operator=(const connection_driver&) = delete;
  virtual ~connection_driver() = default;

  /// Throws when it cannot. What it returns closes itself with its last owner.
  virtual std::shared_ptr<void> open() const = 0;

  virtual bool validate(void* what) const = 0;

  virtual bool can_interrupt() const noexcept = 0;
  virtual void interrupt(void* what) const = 0;

  /// Puts it into the message that its user gets.
  virtual caf::message offer(std::shared_ptr<lease_core> what) const = 0;
};

template <class Connector>
class driver_of : public connection_driver {
public:
  using connection = typename Connector::connection;

  explicit driver_of(Connector how) : how_(std::move(how)) {}

  std::shared_ptr<void> open() const override {
    if constexpr (closes)
      return {how_.open().release(), [how = how_](connection* what) {
                std::unique_ptr<connection> mine{what};
                try {
                  how.close(*mine);
                } catch (...) {
                  // It is gone in any case. Nobody catches what leaves here.
                }
              }};
    else
      return std::shared_ptr<connection>{how_.open()};
  }

  bool validate(void* what) const override {
    return how_.validate(*static_cast<connection*>(what));
  }

  bool can_interrupt() const noexcept override { return interrupts; }

  void interrupt([[maybe_unused]] void* what) const override {
    if constexpr (interrupts)
      how_.interrupt(*static_cast<connection*>(what));
  }

  caf::message offer(std::shared_ptr<lease_core> what) const override {
    return caf::make_message(connection_offer<connection>{std::move(what)});
  }

private:
  static constexpr bool closes =
    requires(const Connector& how, connection& what) {
    how.close(what);
  };
  static constexpr bool interrupts =
    requires(const Connector& how, connection& what) {
    how.interrupt(what);
  };

  Connector how_;
};

} // namespace bulwark::detail
