package ui

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

func TestNoDisplayIsSaidInWords(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("there is always a display here")
	}
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if err := haveDisplay(); !errors.Is(err, errNoDisplay) {
		t.Errorf("got %v", err)
	}
	t.Setenv("DISPLAY", ":99")
	if err := haveDisplay(); err != nil {
		t.Errorf("got %v", err)
	}
	err := showFirst(func() { panic("NotInitialized") })
	if err == nil || !strings.Contains(err.Error(), ":99") || !strings.Contains(err.Error(), "NotInitialized") {
		t.Errorf("got %v", err)
	}
}
