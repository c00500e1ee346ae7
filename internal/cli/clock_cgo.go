//go:build cgo && !windows

package cli

// #include <time.h>
import "C"

import "time"

func libcNow() time.Time {
	var ts C.struct_timespec
	if C.clock_gettime(C.CLOCK_REALTIME, &ts) != 0 {
		return time.Now()
	}
	return time.Unix(int64(ts.tv_sec), int64(ts.tv_nsec))
}
