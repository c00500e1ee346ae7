// Package cli is the command line of Peyk: sub-commands that work without a display, on the same engine as the window.
// Names of commands, flags and JSON keys are a stable contract (docs/command-line.md): none is ever renamed or removed.
//
// Exit codes: 0 success, 1 failure, 2 wrong usage. An error is one line on stderr that says what to do.
package cli
