package message

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"time"
)

// InspectionFragment says that the file is one piece of a longer message (message/partial).
type InspectionFragment struct {
	ID     string `json:"id"`
	Number int    `json:"number"`
	Total  int    `json:"total"` // 0: not told in this piece
	// Whole is the message put together, with the first piece of it, when all the others were given too.
	Whole *Inspection `json:"whole,omitempty"`
}

// Inspector inspects files one by one and puts together what came in pieces. It is for one goroutine.
type Inspector struct {
	// Stdin is what the path "-" stands for; nil: a file of that name.
	Stdin io.Reader

	paths []string
	// pieces are the files of paths that are pieces, by the ID of the whole; nil until the first is met.
	pieces map[string][]string
}

// NewInspector is for the files that will be given to File, in any order.
func NewInspector(paths []string) *Inspector { return &Inspector{paths: paths} }

// File parses the file at path. The only error is a file that cannot be read.
func (i *Inspector) File(path string) (Inspection, error) {
	f, err := i.open(path)
	if err != nil {
		return Inspection{}, err
	}
	defer f.Close()
	start := time.Now()
	m := Parse(f, f.size)
	in := InspectMessage(m)
	in.File = path
	if p, ok := m.Fragment(); ok {
		in.Fragment = &InspectionFragment{ID: p.ID, Number: p.Number, Total: p.Total}
		if p.Number == 1 {
			in.Fragment.Whole = i.whole(p.ID)
		}
	}
	in.MS = float64(time.Since(start).Microseconds()) / 1000
	return in, nil
}

func (i *Inspector) open(path string) (messageFile, error) {
	if path == "-" && i.Stdin != nil {
		return readPiped(i.Stdin, "the standard input")
	}
	return openMessageFile(path)
}

// whole puts the message with that ID together, nil when pieces are missing or cannot be read.
func (i *Inspector) whole(id string) *Inspection {
	i.findPieces()
	var pieces []*Message
	for _, path := range i.pieces[id] {
		f, err := openMessageFile(path)
		if err != nil {
			continue
		}
		defer f.Close()
		pieces = append(pieces, Parse(f, f.size))
	}
	m, err := Assemble(pieces)
	if err != nil {
		return nil
	}
	in := InspectMessage(m)
	return &in
}

// findPieces looks once through the headers of all files.
func (i *Inspector) findPieces() {
	if i.pieces != nil {
		return
	}
	i.pieces = map[string][]string{}
	for _, path := range i.paths {
		if st, err := os.Stat(path); err != nil || !st.Mode().IsRegular() { // a pipe can be read once
			continue
		}
		f, err := openMessageFile(path)
		if err != nil {
			continue
		}
		head := make([]byte, min(f.size, windowSize))
		n, _ := readFullAt(f, head, 0)
		f.Close()
		if p, ok := ParseHeader(head[:n]).Fragment(); ok {
			i.pieces[p.ID] = append(i.pieces[p.ID], path)
		}
	}
}

// maxPiped is how much is read of what is no file and says nothing of its size, in bytes.
const maxPiped = 512 << 20

// messageFile is an open file with its size, or what was read from a pipe.
type messageFile struct {
	io.ReaderAt
	io.Closer
	size int64
}

func openMessageFile(path string) (messageFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return messageFile{}, fmt.Errorf("inspect: %w", err)
	}
	st, err := f.Stat()
	switch {
	case err != nil:
	case st.IsDir():
		err = fmt.Errorf("%s is a folder, not a message", path)
	case !st.Mode().IsRegular(): // <(command): it has no size and can be read once
		defer f.Close()
		return readPiped(f, path)
	}
	if err != nil {
		f.Close()
		return messageFile{}, fmt.Errorf("inspect: %w", err)
	}
	return messageFile{f, f, st.Size()}, nil
}

// readPiped reads a message to its end.
func readPiped(r io.Reader, name string) (messageFile, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxPiped+1))
	if err == nil && len(raw) > maxPiped {
		err = fmt.Errorf("more than %d MB; write it into a file first", maxPiped>>20)
	}
	if err != nil {
		return messageFile{}, fmt.Errorf("inspect: %s: %w", name, err)
	}
	return messageFile{bytes.NewReader(raw), io.NopCloser(nil), int64(len(raw))}, nil
}
