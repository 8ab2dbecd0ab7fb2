#include <bulwark/http/detail/exchange.hpp>
#include <bulwark/http/detail/session.hpp>

#include <boost/asio/post.hpp>

namespace bulwark::detail {

exchange::exchange(std::shared_ptr<server_core> core,
                   std::weak_ptr<session> asker)
  : core_(std::move(core)), asker_(std::move(asker)) {
  ++core_->in_flight;
}

exchange::~exchange() {
  try {
    answer({.status = 500, .body = R"({"error":"the request was dropped"})"});
  } catch (...) {
    // No memory for the answer: the client waits until it gives up, the
    // server goes on.
  }
}

void exchange::answer(http_response response) {
  if (answered_.exchange(true))
    return;
  --core_->in_flight;
  // Weak, because what is posted may outlive the server: see `server_core`.
  boost::asio::post(core_->io,
                    [asker = asker_, answer = std::move(response)]() mutable {
                      if (auto to = asker.lock())
                        to->respond(std::move(answer));
                    });
}

} // namespace bulwark::detail
