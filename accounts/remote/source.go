package remote

import "io"

// Source remembers the error of the reader it reads from, to tell it from one of where the bytes go: io.Copy gives either. Not for several
// goroutines at a time.
type Source struct {
	R   io.Reader
	Err error // what reading failed with, other than io.EOF; nil: it did not
}

// Read implements io.Reader.
func (s *Source) Read(p []byte) (int, error) {
	n, err := s.R.Read(p)
	if err != nil && err != io.EOF {
		s.Err = err
	}
	return n, err
}
