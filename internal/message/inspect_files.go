package message

import (
	"fmt"
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
	paths []string
	// pieces are the files of paths that are pieces, by the ID of the whole; nil until the first is met.
	pieces map[string][]string
}

// NewInspector is for the files that will be given to File, in any order.
func NewInspector(paths []string) *Inspector { return &Inspector{paths: paths} }

// File parses the file at path. The only error is a file that cannot be read.
func (i *Inspector) File(path string) (Inspection, error) {
	f, err := openMessageFile(path)
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

// messageFile is an open file with its size.
type messageFile struct {
	*os.File
	size int64
}

func openMessageFile(path string) (messageFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return messageFile{}, fmt.Errorf("inspect: %w", err)
	}
	st, err := f.Stat()
	if err == nil && st.IsDir() {
		err = fmt.Errorf("%s is a folder, not a message", path)
	}
	if err != nil {
		f.Close()
		return messageFile{}, fmt.Errorf("inspect: %w", err)
	}
	return messageFile{f, st.Size()}, nil
}
