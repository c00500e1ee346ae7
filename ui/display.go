package ui

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

// errNoDisplay is told where there is nothing to open a window on, such as a plain SSH session.
var errNoDisplay = errors.New("there is no display to open the window on; start Peyk in a desktop session, or see: peyk help for what works without one")

// haveDisplay looks before the toolkit does, which would end the program with a stack trace.
func haveDisplay() error {
	switch runtime.GOOS {
	case "windows", "darwin":
		return nil
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errNoDisplay
	}
	return nil
}

// showFirst shows the first window. A display that cannot be reached, or one without OpenGL, makes the toolkit panic here.
func showFirst(show func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the window could not be opened on %q: %v; Peyk needs a reachable display with OpenGL 2.1", os.Getenv("DISPLAY"), r)
		}
	}()
	show()
	return nil
}
