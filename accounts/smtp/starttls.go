package smtp

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	gosmtp "github.com/emersion/go-smtp"

	"peyk/accounts/dial"
	"peyk/accounts/remote"
	"peyk/internal/mail"
)

// startTLS reads the greeting, says EHLO and upgrades the connection when the server offers STARTTLS. Without the offer
// it fails when TLS is demanded. Nothing the server said before the encryption is used after it (RFC 3207 §4.2): the
// caller greets again.
func startTLS(ctx context.Context, conn *dial.Conn, demanded bool) error {
	p := &plain{conn: conn, r: bufio.NewReaderSize(conn, 4096)}
	code, lines, err := p.reply("greeting")
	if err != nil {
		return err
	}
	if code != 220 {
		return p.refused("greeting", code, lines)
	}
	code, lines, err = p.command("greeting", "EHLO "+hello)
	if err != nil {
		return err
	}
	offered := false
	if code == 250 {
		for _, l := range lines[1:] {
			word, _, _ := strings.Cut(l, " ")
			offered = offered || strings.EqualFold(word, "STARTTLS")
		}
	}
	if !offered {
		if demanded {
			return conn.NoSTARTTLS()
		}
		return p.clean()
	}
	code, lines, err = p.command("tls", "STARTTLS")
	if err != nil {
		return err
	}
	if code != 220 {
		if demanded || code == 421 {
			return p.refused("tls", code, lines)
		}
		return p.clean()
	}
	if p.r.Buffered() > 0 {
		return conn.Injected()
	}
	return conn.StartTLS(ctx)
}

// plain talks SMTP on the connection before the library does.
type plain struct {
	conn *dial.Conn
	r    *bufio.Reader
}

// clean makes sure that nothing the server sent unasked stays behind in the buffer.
func (p *plain) clean() error {
	if p.r.Buffered() > 0 {
		return p.conn.Protocol("greeting", "the server sent more than the answer to EHLO")
	}
	return nil
}

func (p *plain) command(step, line string) (int, []string, error) {
	if _, err := io.WriteString(p.conn, line+"\r\n"); err != nil {
		return 0, nil, p.conn.Fail(step, err)
	}
	return p.reply(step)
}

// reply reads a reply of one or more lines (RFC 5321 §4.2.1). The connection's budget bounds it.
func (p *plain) reply(step string) (code int, lines []string, err error) {
	for {
		raw, err := p.r.ReadSlice('\n')
		if err != nil {
			if err == bufio.ErrBufferFull {
				err = dial.ErrTooLong
			}
			return 0, nil, p.conn.Fail(step, err)
		}
		line := strings.TrimRight(string(raw), "\r\n")
		n := 0
		if len(line) >= 3 {
			n, _ = strconv.Atoi(line[:3])
		}
		if n < 200 || n > 599 || len(line) > 3 && line[3] != ' ' && line[3] != '-' || code != 0 && n != code {
			return 0, nil, p.conn.Protocol(step, "the server's answer %q is not SMTP", dial.Clean(line[:min(len(line), 80)]))
		}
		code = n
		lines = append(lines, line[min(4, len(line)):])
		if len(line) == 3 || line[3] == ' ' {
			return code, lines, nil
		}
	}
}

func (p *plain) refused(step string, code int, lines []string) error {
	return p.conn.Hearsay(&remote.Error{Host: p.conn.Addr(), Step: step, Kind: mail.ProblemServer, Code: code, Permanent: code/100 == 5, Closed: true,
		Text: dial.Clean(strings.Join(lines, " "))})
}

func enhanced(code gosmtp.EnhancedCode) string {
	return fmt.Sprintf("%d.%d.%d", code[0], code[1], code[2])
}
