// Does not compile: the service takes a number and is given a text.
#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>

caf::behavior echo(caf::event_based_actor*, int x) {
  return {[=](int32_t) { return x; }};
}

int main(int argc, char** argv) {
  return bulwark::run(
    argc, argv, [](bulwark::node& node) { node.service("a", echo, "text"); });
}
