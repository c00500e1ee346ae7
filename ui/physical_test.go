package ui

import "runtime"

// physicalJ is the place of the J key on the system the test runs on.
func physicalJ() int {
	switch runtime.GOOS {
	case "darwin":
		return 38
	case "windows":
		return 36
	}
	return 44
}
