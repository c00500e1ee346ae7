package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

// firstCollection is the percentage at which the collector begins: 16 MB, four times its smallest heap. Most commands have ended by then,
// and a collection of the few MB that the start of the program leaves costs more than those commands do.
const firstCollection = 400

// The percentages after that. What a download holds is mostly bytes, which cost the collector nothing, and a process that runs one command
// and ends gains nothing from a large heap: frugal.
const (
	usual  = 100
	frugal = 50
)

// collectLate puts the first garbage collection off, and sets the percentage of those after it.
func collectLate(percent int) {
	if os.Getenv("GOGC") != "" {
		return // somebody knows better
	}
	debug.SetGCPercent(firstCollection)
	runtime.AddCleanup(new([16]byte), func(percent int) { debug.SetGCPercent(percent) }, percent)
}
