//go:build linux

package theme

import (
	"bufio"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/godbus/dbus/v5"
)

// settingsPortal answers as xdg-desktop-portal does.
type settingsPortal struct{ scheme atomic.Uint32 }

// Read implements org.freedesktop.portal.Settings.Read.
func (p *settingsPortal) Read(namespace, key string) (dbus.Variant, *dbus.Error) {
	if namespace != "org.freedesktop.appearance" || key != "color-scheme" {
		return dbus.Variant{}, dbus.MakeFailedError(dbus.ErrMsgUnknownMethod)
	}
	return dbus.MakeVariant(dbus.MakeVariant(p.scheme.Load())), nil
}

// TestThePortalIsAsked runs a session bus of its own, first without a portal, then with one.
func TestThePortalIsAsked(t *testing.T) {
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Fatal("dbus-daemon is needed (Debian's package of that name; .ci/deps test installs it)")
	}
	cmd := exec.Command(daemon, "--session", "--nofork", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // nothing of it is to be kept
		_ = cmd.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	if portalDark() {
		t.Error("dark, although there is no portal")
	}
	conn, err := dbus.Connect(strings.TrimSpace(address))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	portal := &settingsPortal{}
	if err := conn.Export(portal, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.portal.Desktop", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	for scheme, want := range map[uint32]bool{0: false, 1: true, 2: false} {
		portal.scheme.Store(scheme)
		if portalDark() != want {
			t.Errorf("color-scheme %d: dark is %v", scheme, !want)
		}
	}
}
