package compose

import (
	"context"

	"peyk/internal/mail"
	"peyk/ui/kit"
	"peyk/ui/lang"
)

const (
	// largeMail is the size from which many servers refuse a message, bytes; above it the window says so.
	largeMail = 20 << 20
	// askAbove is the size from which a sending server is asked how much it takes, bytes: hardly any takes less.
	askAbove = 1 << 20
)

// weight is what is known about the size of the message, and of what servers take.
type weight struct {
	most     map[mail.AccountID]int64 // what the sending servers take, bytes; 0: no limit is known
	told     bool                     // the banner is about the size
	accepted int64                    // a message of this size was to be sent all the same
}

// estimate is about how large the message will be, bytes: files are sent as base64 in lines of 76 characters.
func estimate(d mail.Draft) int64 {
	n := int64(len(d.Text) + 2*len(d.HTML))
	for _, a := range d.Attachments {
		n += a.Size * 4 / 3 * 78 / 76
	}
	return n
}

// weigh says when the message is larger than its sender's server takes, and asks that server where it has not said how much it takes.
func (w *Window) weigh() {
	s, ok := w.sender()
	size := estimate(w.Draft())
	if ok && size > askAbove {
		if _, asked := w.weight.most[s.account.ID]; !asked {
			w.weight.most[s.account.ID] = 0
			w.opt.Loop.Go(mostWork(w.opt.Engine, s.account.ID, func(most int64) {
				w.weight.most[s.account.ID] = most
				if !w.finished {
					w.weigh()
				}
			}))
		}
	}
	switch words := w.tooLarge(size); {
	case words != "":
		w.tell(kit.LevelWarning, words)
		w.weight.told = true
	case w.files.size() > largeMail:
		w.tell(kit.LevelWarning, lang.T("compose.attach.large", lang.Size(w.files.size())))
		w.weight.told = true
	case w.weight.told:
		w.tell(kit.LevelInfo, "")
	}
}

// tooLarge says that a size is beyond what the sender's server takes, "" when it is not, or when nobody knows.
func (w *Window) tooLarge(size int64) string {
	s, ok := w.sender()
	if most := w.weight.most[s.account.ID]; ok && most > 0 && size > most {
		return lang.T("compose.attach.over", lang.Size(size), s.id().Addr, lang.Size(most))
	}
	return ""
}

// mostWork asks how large a message an account's sending server takes. Where that cannot be learned the server will say it itself.
func mostWork(e Engine, id mail.AccountID, then func(most int64)) work {
	return func(ctx context.Context) func() {
		most, err := e.MaxMessage(ctx, id)
		if err != nil {
			return nil
		}
		return func() { then(most) }
	}
}
