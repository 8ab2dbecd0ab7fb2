#include "rules/project.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using rules::project;

} // namespace

TEST_CASE("CAF's internals stay in their room", "[rules]") {
  auto [code, remedy] = GENERATE(table<const char*, const char*>({
    {"void f(caf::mailbox_element& x);", "element.hpp"},
    {"caf::mailbox_element_ptr x;", "element.hpp"},
    {"auto x = caf::make_mailbox_element(y, z, {});", "element.hpp"},
    {"caf::message_id x;", "routing_id"},
    {"auto x = caf::make_message_id();", "routing_id"},
    {"auto x = id.is_stream_message();", "element.hpp"},
    {"auto x = what->is_high_priority();", "element.hpp"},
    {"auto x = id.with_category(1);", "element.hpp"},
    {"auto x = id.request_id();", "element.hpp"},
    {"auto x = id.response_id();", "element.hpp"},
    {"auto x = what->mid;", "id_of"},
    {"auto x = answer.sender;", "sender_of"},
    {"auto x = what->stages;", "route_back"},
    {"auto x = what.stages.size();", "route_back"},
    {"void f() { x->get()->eq_impl(y); }", "post"},
    {"void f() { x->get()->enqueue(y, z); }", "deliver"},
    {"void enqueue(element_ptr x, run_context y) override;", "accept"},
    {"void f() { clock.schedule_message(x, y, z); }", "post_at"},
    {"void f() { caf::anon_send(x, detail::stop_actor{}); }", "stop.hpp"},
    {"auto x = content.type_token();", "content_view"},
    {"auto x = caf::make_type_token<int>();", "content_view"},
    {"auto x = caf::type_nr<int>::value;", "content_view"},
    {"auto x = caf::numbered_type_names[1];", "content_view"},
    {"void f(const caf::type_erased_tuple&);", "content_view"},
    {"caf::rtti_pair x;", "content_type"},
    {"auto x = caf::make_rtti_pair<int>();", "content_type"},
    {"void f(caf::execution_unit* x);", "run_context"},
    {"auto x = context();", "context_of"},
    {"auto x = err.context();", "error_content"},
    {"auto x = self->context();", "context_of"},
    {"auto x = ctrl();", "handle_of"},
    {"auto x = self.current_mailbox_element();", "message_in_hand"},
    {"auto x = self.getf(y);", "self.hpp"},
    {"void f() { self.setf(y); }", "self.hpp"},
    {"auto x = caf::abstract_actor::is_detached_flag;", "self.hpp"},
    {"auto x = this->fail_state_;", "hooked_actor.hpp"},
    {"void f() { this->fail_state(x); }", "hooked_actor.hpp"},
    {"auto x = this->last_request_id_;", "hooked_actor.hpp"},
    {"auto x = this->timeout_id_;", "hooked_actor.hpp"},
    {"bool x = default_handler_ && y;", "hooked_actor.hpp"},
    {"bool x = error_handler_ && y;", "hooked_actor.hpp"},
    {"bool x = down_handler_ && y;", "hooked_actor.hpp"},
    {"bool x = exit_handler_ && y;", "hooked_actor.hpp"},
    {"bool x = exception_handler_ && y;", "hooked_actor.hpp"},
    {"auto x = awaited_responses_.empty();", "hooked_actor.hpp"},
    {"auto x = multiplexed_responses_.empty();", "hooked_actor.hpp"},
    {"auto& x = self.stream_managers();", "hooked_actor.hpp"},
    {"auto& x = self.pending_stream_managers();", "hooked_actor.hpp"},
    {"bool cleanup(caf::error&& x) override;", "hooked_actor"},
    {"auto x = Impl::consume(y);", "hooked_actor"},
    {"auto x = Impl::resume(y, 1);", "hooked_actor"},
    {"void initialize() override;", "hooked_actor"},
    {"void launch(bool x, bool y) override;", "hooked_actor"},
    {"auto& x = self.mailbox();", "drain_mailbox"},
    {"auto& x = self.get_urgent_queue();", "drain_mailbox"},
    {"auto& x = self.get_normal_queue();", "drain_mailbox"},
    {"void f() { x.fetch_more(); }", "drain_mailbox"},
    {"void f() { x.flush_cache(); }", "drain_mailbox"},
    {"void f() { x->get()->attach_functor(y); }", "on_end"},
    {"void f() { x->get()->attach(y); }", "on_end"},
    {"void f() { x->get()->detach(y); }", "on_end"},
    {"auto x = caf::make_actor<y>(z);", "mailless_actor"},
    {"class x : public caf::monitorable_actor {};", "mailless_actor"},
    {"caf::detail::init_fun_factory<x, y> z;", "spawn_hooked.hpp"},
    {"void f() { cfg.init_fun = x; }", "spawn_hooked.hpp"},
    {"auto x = sys.spawn_class<y>(cfg);", "spawn_hooked.hpp"},
    {"caf::intrusive_ptr<x> y;", "strong_actor_ptr"},
    {"void f() { intrusive_ptr_release(x); }", "strong_actor_ptr"},
    {"auto x = block->strong_refs.load();", "strong_actor_ptr"},
    {"auto x = block->weak_refs.load();", "strong_actor_ptr"},
    {"caf::actor_control_block* x;", "strong_actor_ptr"},
    {"void f() { x->ref(); }", "strong_actor_ptr"},
    {"void f() { x->deref(); }", "strong_actor_ptr"},
    {"using x = caf::detail::type_list<int>;", "what is needed"},
    {"#include <caf/detail/type_list.hpp>", "bulwark/caf/"},
    {"#include <caf/execution_unit.hpp>", "bulwark/caf/"},
    {"#include <caf/mailbox_element.hpp>", "bulwark/caf/"},
    {"#include <caf/message_id.hpp>", "bulwark/caf/"},
    {"#include <caf/resumable.hpp>", "bulwark/caf/"},
  }));
  CAPTURE(code);
  project tree;
  const auto* path = GENERATE("actors/bulwark/gate/x.hpp",
                              "runtime/bulwark/node/x.hpp", "examples/x.hpp");
  CHECK_THAT(tree.fault_of_line(path, code),
             StartsWith(std::string{path} + ":2: only actors/bulwark/caf/")
               && Contains(remedy));
  CHECK(tree.fault_of_line("actors/bulwark/caf/detail/x.hpp", code) == "");
  CHECK(tree.fault_of_line("tests/actors/gate/x.hpp", code) == "");
}

TEST_CASE("what programs use of CAF is no internal", "[rules]") {
  auto code = GENERATE(
    "// calls context() and enqueue()", "auto x = self->current_message_id();",
    "auto x = context_of(*this);", "hello.stages_of(1);",
    "#include <caf/actor_control_block.hpp>", "inline auto x = \"message_id\";",
    "void f() { caf::anon_send(x, y); }");
  CAPTURE(code);
  CHECK(project{}.fault_of_line("actors/bulwark/gate/x.hpp", code) == "");
}
