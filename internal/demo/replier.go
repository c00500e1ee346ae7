package demo

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"strings"
	"sync"
	"time"

	"peyk/internal/mail"
)

// replyDelay is how long a person of the samples takes to answer: long enough to see the mail leave, short enough to wait.
const replyDelay = 4 * time.Second

// replier sends the automatic answers of the people in the sample mail. It owns the timers that are under way.
type replier struct {
	deliver func(addr string, raw []byte) (bool, error)
	delay   time.Duration
	mu      sync.Mutex
	timers  map[*time.Timer]bool
	closed  bool
}

func newReplier(deliver func(string, []byte) (bool, error)) *replier {
	return &replier{deliver: deliver, delay: replyDelay, timers: map[*time.Timer]bool{}}
}

func (r *replier) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	for t := range r.timers {
		t.Stop()
	}
}

// answer lets person answer the message raw that to has sent.
func (r *replier) answer(person mail.Address, to string, raw []byte) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return // a message without a header: nobody would know what to answer
	}
	reply := autoReply(person, to, m.Header, time.Now())
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	var t *time.Timer
	t = time.AfterFunc(r.delay, func() {
		r.mu.Lock()
		delete(r.timers, t)
		closed := r.closed
		r.mu.Unlock()
		if !closed {
			_, _ = r.deliver(strings.ToLower(to), reply)
		}
	})
	r.timers[t] = true
}

// autoReply is a short answer marked as automatic (RFC 3834), in Persian when the person's name is.
func autoReply(person mail.Address, to string, h netmail.Header, now time.Time) []byte {
	subject := strings.TrimSpace(h.Get("Subject"))
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	id := strings.TrimSpace(h.Get("Message-Id"))
	text := "Thank you, your mail arrived.\r\n\r\nThis is an automatic answer of the demo mailbox: nobody outside this computer has seen\r\nwhat you wrote.\r\n\r\n" + person.Name + "\r\n"
	if isPersian(person.Name) {
		text = "سپاس، نامهٔ شما رسید.\r\n\r\nاین پاسخ خودکار صندوق نمایشی پیک است: هیچ‌کس بیرون از این رایانه نوشتهٔ شما را ندیده است.\r\n\r\n" + person.Name + "\r\n"
	}
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("Date", now.Format(time.RFC1123Z))
	header("From", encodeAddress(person))
	header("To", "<"+to+">")
	b.WriteString("Subject: " + subject + "\r\n") // as received: it is encoded already
	header("Message-ID", fmt.Sprintf("<auto.%d@demo.example>", now.UnixNano()))
	if id != "" {
		header("In-Reply-To", id)
		header("References", strings.TrimSpace(h.Get("References")+" "+id))
	}
	header("Auto-Submitted", "auto-replied")
	header("MIME-Version", "1.0")
	writeTextPart(&b, "text/plain", text)
	return b.Bytes()
}

func isPersian(s string) bool {
	for _, r := range s {
		if r >= 0x0600 && r <= 0x06FF {
			return true
		}
	}
	return false
}
