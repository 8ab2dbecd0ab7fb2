#pragma once

#include <bulwark/http/detail/server_core.hpp>

namespace bulwark::detail {

/// One request on its way through the handler: counts as in flight until it
/// is answered, and sees to it that it is answered once.
///
/// Safe to call from any thread.
class exchange {
public:
  exchange(std::shared_ptr<server_core> core, std::weak_ptr<session> asker,
           std::string path);

  /// Answers 500 if nobody did.
  ~exchange();

  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  void answer(http_response response);

  /// Answers 500 in the server's name.
  void fail(std::string_view text);

private:
  std::shared_ptr<server_core> core_;
  std::weak_ptr<session> asker_;
  std::string path_;
  std::atomic<bool> answered_{false};
};

} // namespace bulwark::detail
