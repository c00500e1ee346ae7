package imap

import (
	"slices"

	"peyk/accounts/remote"
)

// sampling is the command that asks for a sample; nil when there is none. A server may answer it before the command in front of it, which
// therefore looks for such answers, too.
func (s *session) sampling(path string, sample *remote.Sample) *command {
	if sample == nil || len(sample.Of) == 0 {
		return nil
	}
	sets := s.chunks(rangesOf(sample.Of))
	if len(sets) != 1 {
		return nil
	}
	return &command{step: "fetch from " + path, text: "UID FETCH " + sets[0].text + " (UID INTERNALDATE RFC822.SIZE)", handle: func(p *response) (bool, error) {
		var it items
		return p.typ == "FETCH" && it.read(p, false) == nil && tells(sample, &it) && !it.hasFlags, nil
	}}
}

// tells hands on what an answer says of a message of the sample.
func tells(sample *remote.Sample, it *items) bool {
	if it.received.IsZero() || it.size == 0 || !slices.Contains(sample.Of, it.uid) {
		return false
	}
	sample.Told(it.uid, it.received, it.size)
	return true
}
