#include <bulwark/http/detail/exchange.hpp>
#include <bulwark/http/detail/session.hpp>
#include <bulwark/http/stream.hpp>

#include <boost/asio/post.hpp>

namespace bulwark::detail {

exchange::exchange(std::shared_ptr<server_core> core,
                   std::weak_ptr<session> asker, std::string path)
  : core_(std::move(core)), asker_(std::move(asker)), path_(std::move(path)) {
  ++core_->in_flight;
}

exchange::~exchange() {
  try {
    if (!answered_)
      fail("the request was dropped");
  } catch (...) {
    // No memory for the answer: the client waits until it gives up, the
    // server goes on.
  }
}

void exchange::answer(http_response response) {
  if (answered_.exchange(true)) {
    if (response.stream)
      response.stream->abort();
    return;
  }
  --core_->in_flight;
  // Weak, because what is posted may outlive the server: see `server_core`.
  try {
    boost::asio::post(core_->io,
                      [asker = asker_, answer = std::move(response)]() mutable {
                        if (auto to = asker.lock())
                          to->respond(std::move(answer));
                        else if (answer.stream)
                          answer.stream->abort();
                      });
  } catch (...) {
    // No memory for the answer. To close the connection takes less, and tells
    // the client that none will come.
    boost::asio::post(core_->io, [asker = asker_] {
      if (auto to = asker.lock())
        to->close();
    });
  }
}

void exchange::fail(std::string_view text) {
  answer(core_->refuse(500, text, path_));
}

} // namespace bulwark::detail
