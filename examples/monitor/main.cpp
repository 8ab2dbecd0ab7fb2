// Components that are not Bulwark's (servers, a database, a cache) fail and
// recover; the program tells its node of each. At the end it prints the report
// of all: in few words, and at length.
#include "simulation.hpp"

#include <bulwark/node/run.hpp>

namespace {

bulwark::application about() {
  bulwark::application app;
  app.name = "monitor";
  app.options.value<uint32_t>("seed", 1, "which failures there are")
    .value<uint32_t>("failures", 20, "how many")
    .value<bulwark::duration>("pause", std::chrono::milliseconds{10},
                              "between a failure and its recovery");
  return app;
}

simulation_options options_of(const bulwark::node& node) {
  return {node.option<uint32_t>("seed"), node.option<uint32_t>("failures"),
          node.option<bulwark::duration>("pause")};
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, about(), [](bulwark::node& node) {
    node.service("simulation", simulation, &node, options_of(node));
  });
}
