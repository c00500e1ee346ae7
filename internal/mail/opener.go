package mail

import (
	"context"
	"io"
)

// Opener opens messages for reading: those of a store by their ids, or the one that is attached to another, whatever the
// id. Safe for concurrent use; every method may block on disk.
type Opener interface {
	// Content parses a message. Content.Partial says that the body is not here yet.
	Content(ctx context.Context, id MessageID) (Content, error)
	// Part opens the decoded bytes of one part.
	Part(ctx context.Context, id MessageID, part string) (io.ReadCloser, error)
	// Raw opens the bytes as received.
	Raw(ctx context.Context, id MessageID) (io.ReadCloser, error)
	// Inside opens a message that is attached to another (RFC 2046 §5.2.1).
	Inside(ctx context.Context, id MessageID, part string) (Opener, error)
}
