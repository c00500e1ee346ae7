package mailpage

import (
	"strings"
	"testing"
)

func TestEmbed(t *testing.T) {
	for _, text := range []string{"", "hello", "<p>one</p><p><b>two</b></p>", "<script>x</script>", "<table>" + strings.Repeat("<tr><td>long</td></tr>", 200000)} {
		if got := Embed(text); got != "" {
			t.Errorf("%.40q is running text or too long, but: %.200s", text, got)
		}
	}
	got := Embed(`<table bgcolor="#eeeeee"><tr><td>Your order<img src="https://shop.example/logo.png"><img src="https://u1.ct.sendgrid.net/wf/open?upn=abc">` +
		`<img src="https://shop.example/dot.gif" width="1" height="1"></td></tr></table>`)
	if !strings.Contains(got, "logo.png") || strings.Contains(got, "sendgrid") || strings.Contains(got, "dot.gif") || !strings.HasPrefix(got, "<div") {
		t.Error(got)
	}
}
