package cli

import (
	"os"
	"strings"
	"time"
)

// Now is the clock of all rules that count days. PEYK_NOW (RFC 3339) sets it for scripts and tests that simulate time; it
// then stands still. Under libfaketime the C library's clock is asked, because Go's own does not go through it.
func Now() time.Time {
	if s := os.Getenv("PEYK_NOW"); s != "" {
		if t, err := time.Parse(time.RFC3339, s); err == nil {
			return t
		}
	}
	if strings.Contains(os.Getenv("LD_PRELOAD"), "faketime") {
		return libcNow()
	}
	return time.Now()
}
