package mailtest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

const heapObjects = "/memory/classes/heap/objects:bytes"

// Peak runs fn and returns by how many bytes the heap of this process grew meanwhile at the most, and how much of that was still
// held afterwards. Servers of the test in the same process count, and some garbage; tests that run at the same time would, too.
func Peak(fn func()) (peak, held int64) {
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // garbage tells nothing
	runtime.GC()
	before := heapBytes()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				peak = max(peak, heapBytes()-before)
			}
		}
	})
	fn()
	peakAtEnd := heapBytes() - before
	close(stop)
	wg.Wait()
	runtime.GC()
	return max(peak, peakAtEnd), heapBytes() - before
}

func heapBytes() int64 {
	s := []metrics.Sample{{Name: heapObjects}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64())
}
