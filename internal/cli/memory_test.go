package cli

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"
)

func collectAt() uint64 {
	s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// A short command ends before the first collection; one that goes on keeps to the percentage that it was given.
func TestCollectLate(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	t.Setenv("GOGC", "")
	collectLate(frugal)
	if p := collectAt(); p != firstCollection {
		t.Errorf("at the start %d %%", p)
	}
	for end := time.Now().Add(30 * time.Second); collectAt() != frugal && time.Now().Before(end); runtime.Gosched() {
		runtime.GC()
	}
	if p := collectAt(); p != frugal {
		t.Errorf("after a collection %d %%", p)
	}
	t.Setenv("GOGC", "77")
	collectLate(usual)
	if p := collectAt(); p != frugal {
		t.Errorf("against the environment: %d %%", p)
	}
}
