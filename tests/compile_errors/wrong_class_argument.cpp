// Does not compile: the service's class takes a number and is given nothing.
#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

class echo : public caf::event_based_actor {
public:
  echo(caf::actor_config& config, int) : event_based_actor(config) {}
};

int main(int argc, char** argv) {
  return bulwark::run(argc, argv,
                      [](bulwark::node& node) { node.service<echo>("a"); });
}
