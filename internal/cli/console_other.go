//go:build !windows

package cli

// attachConsole has nothing to do where every program has the terminal that it was started from.
func attachConsole() {}
