// The partner of the storefront: an HTTP server of its own that promises
// shipments. `storefront_partner 127.0.0.1:9090` serves until SIGTERM.

#include "partner/shipments.hpp"

#include <bulwark/http/server.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/options/listen_error.hpp>

#include <iostream>

#include <signal.h>

namespace {

void handle(const bulwark::http_request& request,
            const bulwark::http_responder& respond) {
  respond(storefront::answer_partner(request));
}

int serve(const bulwark::host_port& where) {
  // Before any thread starts, so that all of them inherit it.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  bulwark::http_server server{{}, handle};
  auto port = server.listen(where.host, where.port);
  server.start();
  std::cout << "partner listens on " << where.host << ":" << port << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  auto where = argc == 2 ? bulwark::parse_host_port(argv[1]) : std::nullopt;
  if (!where) {
    std::cerr << "usage: storefront_partner HOST:PORT\n";
    return 64;
  }
  try {
    return serve(*where);
  } catch (const bulwark::listen_error& e) {
    std::cerr << "storefront_partner: " << e.what() << "\n";
    return 69;
  }
}
