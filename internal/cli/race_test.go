//go:build race

package cli_test

// raceMemory is how much more memory a program takes at most that the race detector watches.
const raceMemory = 8
