package cli

import "runtime/debug"

// frugally makes the process trade a little time for memory: what a download holds is mostly bytes, which cost the collector
// nothing, and a process that runs one command and ends gains nothing from a large heap.
func frugally() { debug.SetGCPercent(50) }
