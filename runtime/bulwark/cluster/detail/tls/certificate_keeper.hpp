#pragma once

#include <bulwark/cluster/detail/expiry_steps.hpp>
#include <bulwark/cluster/detail/tls/tls_context.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/options/tls_options.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace bulwark::detail {

/// Keeps what the node proves itself with as its files are: they are read when
/// one of them has changed and none does any more, and used for new connections
/// if all is right, which `change_applied` tells. Otherwise the old ones stay
/// in use. That is told once, by `warning_raised`, and so are the steps to the
/// end of the one in use.
///
/// Looks in a thread of its own, because files may be slow.
///
/// Safe to call from any thread.
class certificate_keeper {
public:
  /// How often the files are looked at.
  static constexpr std::chrono::seconds look_every{1};

  /// @throws config_error if the files cannot be used
  certificate_keeper(tls_options files, std::string node, emitter events);
  certificate_keeper(const certificate_keeper&) = delete;
  certificate_keeper& operator=(const certificate_keeper&) = delete;
  ~certificate_keeper();

  /// For a new connection.
  std::shared_ptr<const tls_context> current() const;

  /// Looks at the files now.
  void look();

  /// Looks at them no more.
  void stop();

private:
  void run();
  void load_again();
  void tell_expiry();
  event about(event_kind kind) const;

  /// What changes when a file does.
  std::string stamps() const;

  const tls_options files_;
  const std::string node_;
  const emitter events_;

  // One look at a time. What was read, and what the last look saw.
  std::mutex looking_;
  std::string seen_;
  std::string last_;
  expiry_steps steps_;

  mutable std::mutex lock_;
  std::condition_variable wake_;
  bool stopped_ = false;
  std::shared_ptr<const tls_context> current_;
  std::thread looker_;
};

} // namespace bulwark::detail
