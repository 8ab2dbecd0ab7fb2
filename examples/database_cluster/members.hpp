#pragma once

#include <bulwark/node/node.hpp>

#include <string>
#include <vector>

/// What the database's members are called: the same on all nodes.
std::vector<std::string> member_names();

/// This process owns the file of that member.
/// @throws bulwark::config_error if there is none of that name
void own_member(bulwark::node& node, const std::string& name);

/// This process writes a line each second, and reads how many there are.
void visit_members(bulwark::node& node);
