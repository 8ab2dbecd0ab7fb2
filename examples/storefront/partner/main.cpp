// The partner of the storefront: an HTTP server of its own that promises
// shipments. `storefront_partner 127.0.0.1:9090` serves until SIGTERM. With
// `storefront_partner 127.0.0.1:9090 well*4,fail*2,hang` each request meets
// another mood, see partner/moods.hpp.

#include "partner/moody_door.hpp"
#include "partner/shipments.hpp"

#include <bulwark/http/server.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/options/listen_error.hpp>

#include <exception>
#include <iostream>
#include <optional>
#include <vector>

#include <signal.h>

namespace {

void handle(const bulwark::http_request& request,
            const bulwark::http_responder& respond) {
  respond(storefront::answer_partner(request));
}

int serve(const bulwark::host_port& where,
          const std::vector<storefront::mood>& moods) {
  // Before any thread starts, so that all of them inherit it.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  bulwark::http_server server{{}, handle};
  std::optional<storefront::moody_door> door;
  auto port = server.listen(where.host, moods.empty() ? where.port : 0);
  server.start();
  if (!moods.empty()) {
    door.emplace(where.host, where.port, port, moods);
    port = door->port();
  }
  std::cout << "partner listens on " << where.host << ":" << port << std::endl;
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  auto where =
    argc == 2 || argc == 3 ? bulwark::parse_host_port(argv[1]) : std::nullopt;
  auto moods = storefront::parse_moods(argc == 3 ? argv[2] : "");
  if (!where || !moods) {
    std::cerr << "usage: storefront_partner HOST:PORT [MOOD[*TIMES],...]\n";
    return 64;
  }
  try {
    return serve(*where, *moods);
  } catch (const bulwark::listen_error& e) {
    std::cerr << "storefront_partner: " << e.what() << "\n";
    return 69;
  } catch (const std::exception& e) {
    std::cerr << "storefront_partner: " << e.what() << "\n";
    return 69;
  }
}
