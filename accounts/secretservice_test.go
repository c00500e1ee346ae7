//go:build linux

package accounts

import (
	"os"
	"os/exec"
	"testing"
)

// unlockKeyring starts the keyring of GNOME with an empty login collection, then runs "$0". The daemon ends with the bus.
const unlockKeyring = `printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && exec "$0" -test.run '^TestSecretService$' -test.v`

// TestSecretService runs itself again inside a D-Bus session of its own with a real keyring.
func TestSecretService(t *testing.T) {
	if os.Getenv("PEYK_TEST_INSIDE") != "" {
		if why := keyringMissing(); why != "" {
			t.Fatal(why)
		}
		v := openVault(t, t.TempDir())
		exerciseVault(t, v, account())
		return
	}
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not installed: sudo apt-get install -y dbus gnome-keyring", program)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", "sh", "-c", unlockKeyring, self)
	cmd.Env = append(os.Environ(), "PEYK_TEST_INSIDE=1", EnvKeyring+"=", "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_RUNTIME_DIR="+dir, "XDG_CACHE_HOME="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}
