#pragma once

/// Runs the demo in this process. Returns its exit code.
int run_demo();
