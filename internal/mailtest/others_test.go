package mailtest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"strings"
	"testing"
)

// The unpacked servers start, speak TLS, and tell a right password from a wrong one.
func TestOtherServers(t *testing.T) {
	t.Parallel()
	for _, r := range []Reach{StartCyrus(t, CyrusOptions{}), StartCourier(t)} {
		for _, password := range []string{r.Users["ali"], "wrong"} {
			conn, err := tls.Dial("tcp", addr(r.IMAPSPort), &tls.Config{InsecureSkipVerify: true})
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			in := bufio.NewReader(conn)
			fmt.Fprintf(conn, "a LOGIN ali %s\r\n", password)
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					t.Fatalf("%s: %v", r.Name, err)
				}
				if rest, ok := strings.CutPrefix(line, "a "); ok {
					if strings.HasPrefix(rest, "OK") != (password != "wrong") {
						t.Errorf("%s: LOGIN with %q: %s", r.Name, password, rest)
					}
					break
				}
			}
		}
	}
}
