package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"peyk/internal/mail"
)

// unsubscriptionsKey is the setting that keeps them: there are few, and nothing but their own list asks for them.
const unsubscriptionsKey = "lists.unsubscribed"

// maxUnsubscriptions is how many are remembered; the oldest go first, those that failed last.
const maxUnsubscriptions = 500

// unsubscribeTime is after what time a request that nobody noted the end of was broken off: the program ended meanwhile. It is longer
// than a request may take.
const unsubscribeTime = 2 * time.Minute

// Unsubscriptions lists what servers were asked to take the reader off a list, the newest first. One whose request was broken off by
// the end of the program has failed, for a reason that nobody knows.
func (s *Store) Unsubscriptions(ctx context.Context) ([]mail.Unsubscription, error) {
	js, err := s.Setting(ctx, unsubscriptionsKey)
	if err != nil {
		return nil, err
	}
	return s.readUnsubscriptions(js)
}

func (s *Store) readUnsubscriptions(js string) (list []mail.Unsubscription, err error) {
	if js == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(js), &list); err != nil {
		return nil, fmt.Errorf("reading from which lists the reader was taken: %w", err)
	}
	for i, u := range list {
		if u.State == mail.UnsubscribeAsked && s.now().Sub(u.At).Abs() > unsubscribeTime {
			list[i].State = mail.UnsubscribeFailed
			list[i].Reason = (&mail.Problem{Kind: mail.ProblemNetwork, Code: mail.CodeWebUnknown, Where: u.Host(), Summary: "the program ended before " + u.Host() + " answered"}).Store()
		}
	}
	return list, nil
}

// FailedUnsubscriptions are those that the user has to settle.
func (s *Store) FailedUnsubscriptions(ctx context.Context) ([]mail.Unsubscription, error) {
	list, err := s.Unsubscriptions(ctx)
	return slices.DeleteFunc(list, func(u mail.Unsubscription) bool { return u.State != mail.UnsubscribeFailed }), err
}

// Unsubscription finds what became of a request; ok is false when that server was never asked.
func (s *Store) Unsubscription(ctx context.Context, url string) (u mail.Unsubscription, ok bool, err error) {
	list, err := s.Unsubscriptions(ctx)
	if i := slices.IndexFunc(list, func(u mail.Unsubscription) bool { return u.URL == url }); i >= 0 {
		return list[i], true, nil
	}
	return u, false, err
}

// SaveUnsubscriptions notes requests, each in place of what was known of its URL.
func (s *Store) SaveUnsubscriptions(ctx context.Context, us ...mail.Unsubscription) error {
	return s.changeUnsubscriptions(ctx, func(list []mail.Unsubscription) []mail.Unsubscription {
		for _, u := range us {
			u.Subject, u.Sender.Name, u.Sender.Addr = cleanText(u.Subject, 300), cleanText(u.Sender.Name, 300), cleanText(u.Sender.Addr, 320)
			list = slices.DeleteFunc(list, func(old mail.Unsubscription) bool { return old.URL == u.URL })
			list = append(list, u)
		}
		slices.SortStableFunc(list, func(a, b mail.Unsubscription) int { return b.At.Compare(a.At) })
		for i := len(list) - 1; i >= 0 && len(list) > maxUnsubscriptions; i-- {
			if list[i].State == mail.UnsubscribeDone {
				list = slices.Delete(list, i, i+1)
			}
		}
		return list[:min(len(list), maxUnsubscriptions)]
	})
}

// ForgetUnsubscriptions takes requests off the list and returns those that were there, for SaveUnsubscriptions to bring them back.
func (s *Store) ForgetUnsubscriptions(ctx context.Context, urls ...string) (gone []mail.Unsubscription, err error) {
	err = s.changeUnsubscriptions(ctx, func(list []mail.Unsubscription) []mail.Unsubscription {
		gone = nil
		return slices.DeleteFunc(list, func(u mail.Unsubscription) bool {
			found := slices.Contains(urls, u.URL)
			if found {
				gone = append(gone, u)
			}
			return found
		})
	})
	return gone, err
}

func (s *Store) changeUnsubscriptions(ctx context.Context, change func([]mail.Unsubscription) []mail.Unsubscription) error {
	return s.write(ctx, "noting from which lists the reader is taken", func(t *wtx) error { return t.changeUnsubscriptions(change) })
}

func (t *wtx) changeUnsubscriptions(change func([]mail.Unsubscription) []mail.Unsubscription) error {
	var js string
	if _, err := t.get("SELECT value FROM settings WHERE key=?", []any{unsubscriptionsKey}, &js); err != nil {
		return err
	}
	list, err := t.s.readUnsubscriptions(js)
	if err != nil {
		list = nil // damage here is not worth more: what is asked for can be asked again
	}
	out, err := json.Marshal(change(list))
	if err != nil {
		return err
	}
	if string(out) == js || js == "" && string(out) == "null" {
		return nil
	}
	t.ch.Ops = true
	return t.setSetting(unsubscriptionsKey, string(out))
}
