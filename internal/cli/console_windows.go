package cli

import (
	"os"

	"golang.org/x/sys/windows"
)

// attachConsole lets commands write to the console that they were typed into: the program is one of windows, to which the system gives none.
// What was redirected to a file or a pipe stays so.
func attachConsole() {
	const parent = ^uint32(0) // ATTACH_PARENT_PROCESS
	streams := []struct {
		id   uint32
		file **os.File
		name string
	}{{windows.STD_INPUT_HANDLE, &os.Stdin, "CONIN$"}, {windows.STD_OUTPUT_HANDLE, &os.Stdout, "CONOUT$"}, {windows.STD_ERROR_HANDLE, &os.Stderr, "CONOUT$"}}
	attached := false
	for _, s := range streams {
		if h, err := windows.GetStdHandle(s.id); err == nil && h != 0 && h != windows.InvalidHandle {
			continue
		}
		if !attached {
			if r, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("AttachConsole").Call(uintptr(parent)); r == 0 {
				return // started from a menu
			}
			attached = true
		}
		if f, err := os.OpenFile(s.name, os.O_RDWR, 0); err == nil {
			*s.file = f
		}
	}
}
