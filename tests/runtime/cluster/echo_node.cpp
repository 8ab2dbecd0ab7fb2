// A node for tests that kill it: its service `orders` answers a text with its
// own name and the text, crashes on "crash" and never answers "hang".

#include <bulwark/bulwark.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct kept {
  std::vector<caf::response_promise> promises;
};

caf::behavior echo(caf::stateful_actor<kept>* self) {
  return {
    [self](const std::string& text) -> caf::result<std::string> {
      if (text == "crash")
        throw std::runtime_error{"asked to crash"};
      if (text != "hang")
        return "orders " + text;
      auto promise = self->make_response_promise<std::string>();
      self->state.promises.push_back(promise);
      return promise;
    },
  };
}

} // namespace

int main(int argc, char** argv) {
  return bulwark::run(
    argc, argv, [](bulwark::node& node) { node.service("orders", echo); });
}
