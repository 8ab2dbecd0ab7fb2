#include <bulwark/options/config_error.hpp>
#include <bulwark/options/detail/compartment_fields.hpp>
#include <bulwark/options/detail/descriptions.hpp>
#include <bulwark/options/detail/policy_fields.hpp>
#include <bulwark/options/detail/program_values.hpp>
#include <bulwark/options/detail/protection_fields.hpp>
#include <bulwark/options/detail/read_options.hpp>
#include <bulwark/options/version.hpp>

#include <boost/program_options/value_semantic.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace bulwark {

namespace {

namespace po = boost::program_options;

using text = std::string;
using texts = std::vector<std::string>;

po::typed_value<text>* value_with(const char* name, const char* fallback) {
  return po::value<text>()->value_name(name)->default_value(fallback);
}

std::string padded(std::string_view word, size_t width) {
  std::string result{word};
  result.resize(std::max(result.size() + 1, width), ' ');
  return result;
}

void refuse_taken_names(const program_options& own,
                        const po::options_description& node) {
  auto general = detail::command_options();
  for (const auto& each : own.all())
    if (node.find_nothrow(each.name, false)
        || general.find_nothrow(each.name, false))
      throw config_error{"option --" + each.name
                         + " is the node's; the program must call its own "
                           "otherwise"};
}

po::options_description with_program(const po::options_description& node,
                                     const program_options& own) {
  refuse_taken_names(own, node);
  po::options_description result;
  result.add(node);
  if (!own.all().empty())
    result.add(detail::describe_program(own));
  return result;
}

void add_practice_option(po::options_description& to) {
  to.add_options()(
    "chaos", po::bool_switch(),
    "let experiments make this node fail on purpose, see bulwark chaos");
}

void add_cluster_options(po::options_description& to) {
  to.add_options()("name", value_with("NAME", "node"), "name of this node")(
    "cluster", value_with("NAME", "default"),
    "name of the cluster; nodes of another one are refused")(
    "listen", po::value<text>()->value_name("HOST:PORT"),
    "where other nodes may connect; port 0: any free one")(
    "advertise", po::value<text>()->value_name("HOST:PORT"),
    "where they reach it, if not at what --listen says; port 0: its port")(
    "join", po::value<texts>()->value_name("HOST:PORT"),
    "a node to connect to; may be given many times")(
    "tls-cert", po::value<text>()->value_name("FILE"),
    "this node's certificate in PEM, with its name in it: all links are TLS")(
    "tls-key", po::value<text>()->value_name("FILE"), "the key of it")(
    "tls-ca", po::value<text>()->value_name("FILE"),
    "the certificates of those whose word counts for other nodes")(
    "allow-node", po::value<texts>()->value_name("PATTERN"),
    "which names other nodes may have, such as shop-*; may be given many "
    "times; any unless said")(
    "insecure", value_with("BOOL", "false")->implicit_value("true"),
    "let --listen be any address without TLS: who reaches it is trusted");
}

template <class Settings>
std::string fields_with_defaults() {
  std::string result;
  for (const auto& field : detail::fields_of<Settings>())
    result += "  " + padded(field.name, 25) + field.get(Settings{}) + '\n';
  return result;
}

} // namespace

po::options_description detail::command_options() {
  po::options_description result{"General"};
  result.add_options()("help", "show this and end")("version",
                                                    "show the version and end")(
    "config", po::value<text>()->value_name("FILE"),
    "read further options from an INI file; the command line wins");
  return result;
}

po::options_description detail::file_options(const application& app) {
  po::options_description node{"Node"};
  add_cluster_options(node);
  node.add_options()(
    "admin", po::value<text>()->value_name("HOST:PORT"),
    "where to tell of health and metrics and, with --data, to take changes, "
    "over HTTP, on loopback only; port 0: any free one")(
    "voters", po::value<text>()->value_name("NAME,NAME,NAME"),
    "the 1, 3, 5 or 7 nodes that decide who has a role; the same on all nodes")(
    "lease", value_with("TIME", "6s"),
    "for how long they lend it; the same on all nodes")(
    "data", value_with("DIR", "data"), "folder for what must be kept")(
    "journal", po::value<text>()->value_name("MODE"),
    "whether failures and recoveries are kept there: full, relaxed or off; "
    "full where --data is given, else off")(
    "objective", po::value<texts>()->value_name("SERVICE=SHARE%[/TIME]"),
    "how much of the time a service is to be up, * for all; may be given many "
    "times; 99.9% over 30 days unless said")(
    "alert", po::value<texts>()->value_name("NAME=FIGURE>VALUE[/TIME]"),
    "a limit for a figure of the report, < or >; /critical behind it makes it "
    "so; may be given many times")(
    "alert-command", po::value<text>()->value_name("COMMAND"),
    "run for each alert, which it gets as JSON on its standard input")(
    "alert-url", po::value<text>()->value_name("URL"),
    "http://HOST:PORT/PATH, to which each alert is posted as JSON")(
    "log-level", value_with("LEVEL", "info"), "info, warn, error or crit")(
    "log-format", value_with("FORMAT", "text"),
    "text or json")("drain", value_with("TIME", "1s"),
                    "how long to go on serving after SIGTERM")(
    "bulkhead-sample", value_with("TIME", "10s"),
    "how often the use of bulkheads is written down")(
    "bulkhead-monitoring", value_with("BOOL", "true"),
    "whether it is written down at all: true or false")(
    "warnings", value_with("BOOL", "true"),
    "whether to warn of what is used up or fails soon: true or false")(
    "warning-sample", value_with("TIME", "10s"),
    "how often figures are taken for that");
  add_practice_option(node);
  return with_program(node, app.options);
}

std::string help_text(const application& app) {
  std::ostringstream out;
  out << "usage: " << app.name << " [--OPTION=VALUE ...]\n\n"
      << detail::command_options() << detail::file_options(app)
      << "\nServices, here with their defaults; the code may have others:\n"
         "  --FIELD=VALUE              for all services\n"
         "  --service.NAME.FIELD=VALUE for one; in a file: [service.NAME] "
         "and FIELD=VALUE\n\n";
  service_settings defaults;
  for (auto field : policy_fields())
    out << "  " << padded(field, 25) << show_policy_field(defaults, field)
        << (is_common_field(field) ? "\n" : "   (for one service only)\n");
  out << "\nBulkheads: --bulkhead.NAME.FIELD=VALUE\n"
      << fields_with_defaults<bulkhead_options>()
      << "\nQuotas of CPU time: --cpu_quota.NAME.FIELD=VALUE\n"
      << fields_with_defaults<cpu_quota_options>()
      << "\nLoad shedding under pressure: --load_shedding.FIELD=VALUE\n"
      << fields_with_defaults<load_shedding_choice>()
      << "\nGuards of calls: --guard.NAME.FIELD=VALUE\n"
      << fields_with_defaults<guard_options>()
      << "\nCAF's own: --caf.OPTION=VALUE\n";
  for (const auto& name : caf_options::names())
    out << "  " << name << '\n';
  return out.str();
}

std::string version_text(const application& app) {
  auto own = app.version.empty() ? "" : " " + app.version;
  return app.name + own + " (bulwark " + version() + ")\n";
}

} // namespace bulwark
