package mailtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// SmallDisk mounts a disk of so many megabytes until the test ends, which asks for what Postfix asks for, too: root, or a sudo that wants
// no password.
type SmallDisk struct {
	Dir string

	tb testing.TB
}

// StartSmallDisk mounts one.
func StartSmallDisk(tb testing.TB, megabytes int) *SmallDisk {
	tb.Helper()
	d := &SmallDisk{Dir: tb.TempDir(), tb: tb}
	if err := asRoot("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm,mode=0700,uid=%d", megabytes, os.Getuid()), "tmpfs", d.Dir); err != nil {
		tb.Fatalf("this test needs a small disk (run it as root where mounting is allowed): %v", err)
	}
	tb.Cleanup(func() {
		if err := asRoot("umount", d.Dir); err != nil {
			tb.Error(err)
		}
	})
	return d
}

func (d *SmallDisk) ballast() string { return filepath.Join(d.Dir, "ballast") }

// Fill takes all space that is left.
func (d *SmallDisk) Fill() {
	d.tb.Helper()
	f, err := os.OpenFile(d.ballast(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		d.tb.Fatal(err)
	}
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			d.tb.Fatal(err)
		}
	}
}

// Free gives back what Fill has taken.
func (d *SmallDisk) Free() {
	d.tb.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.tb.Fatal(err)
	}
}

// Remount changes how it is mounted: "size=80m", "ro", "rw".
func (d *SmallDisk) Remount(option string) {
	d.tb.Helper()
	if err := asRoot("mount", "-o", "remount,"+option, d.Dir); err != nil {
		d.tb.Fatalf("remount: %v", err)
	}
}

func asRoot(argv ...string) error {
	if os.Getuid() != 0 {
		argv = append([]string{"sudo", "-n"}, argv...)
	}
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, out)
	}
	return nil
}
