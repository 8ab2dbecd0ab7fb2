// Components that are not Bulwark's (servers, a database, a cache) fail and
// recover; the program tells its node of each. At the end it prints the report
// of all: in few words, and at length.
#include "simulation.hpp"

#include <bulwark/node/run.hpp>
#include <bulwark/text/duration_text.hpp>

namespace {

namespace po = boost::program_options;

bulwark::application about() {
  bulwark::application app;
  app.name = "monitor";
  app.options.add_options()("seed", po::value<uint32_t>()->default_value(1),
                            "which failures there are")(
    "failures", po::value<uint32_t>()->default_value(20),
    "how many")("pause", po::value<std::string>()->default_value("10ms"),
                "between a failure and its recovery");
  return app;
}

simulation_options options_of(const bulwark::node& node) {
  auto text = node.option<std::string>("pause");
  auto pause = bulwark::parse_duration(text);
  if (!pause)
    throw bulwark::config_error("--pause is '" + text + "'; "
                                + std::string{bulwark::duration_rule});
  return {node.option<uint32_t>("seed"), node.option<uint32_t>("failures"),
          *pause};
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(argc, argv, about(), [](bulwark::node& node) {
    node.service("simulation", simulation, &node, options_of(node));
  });
}
