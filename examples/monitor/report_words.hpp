#pragma once

#include <string>

/// Returns a report, given as JSON, in few lines for a person: the figures,
/// the patterns, what to do.
std::string report_words(const std::string& report);
