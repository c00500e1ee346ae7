package richtext

// Object is the character that stands for a picture in the text of a paragraph (U+FFFC).
const Object = "\ufffc"

// Mark is a set of marks on letters.
type Mark uint8

// The marks.
const (
	Bold Mark = 1 << iota
	Italic
	Underline
	Strike
	Code // fixed width
)

// Image is a picture of the message, or a page that stands in it like one.
type Image struct {
	ID            string // its Content-ID, without angle brackets
	Alt           string // what stands for it where pictures are not shown
	Width, Height int    // pixels to show it at; 0: its own
	Page          string // HTML of a message that stands here as it was sent, see NewPage; "": it is a picture
	words         string // of the page; read once, for a draft is stored every few seconds
}

// Attr is what stands on a stretch of text. The zero value is nothing.
type Attr struct {
	Marks Mark
	Link  string // a URL; "": none
	Image *Image // of an Object; never changed once it is shared
}

// IsZero reports whether nothing stands there.
func (a Attr) IsZero() bool { return a == Attr{} }

// Span puts an Attr on the bytes [Start, End) of a paragraph.
type Span struct {
	Start, End int
	Attr
}

// Dir is the direction that was chosen for a paragraph.
type Dir int8

// The directions. Auto follows the text.
const (
	Auto Dir = 0
	RTL  Dir = 1
	LTR  Dir = -1
)

// List is the kind of list a paragraph is an item of.
type List uint8

// The lists.
const (
	NoList List = iota
	Bullets
	Numbers
)

// Limits of a paragraph's Block.
const (
	MaxQuote   = 50
	MaxLevel   = 8
	MaxHeading = 3
)

// Block is what a paragraph is.
type Block struct {
	Dir     Dir
	Quote   uint8 // depth of quoting, 0 to MaxQuote
	Cite    bool  // in a quote: the line that says who wrote it; plain text has it outside of the quote
	List    List
	Level   uint8 // of nested lists, 0 to MaxLevel
	Heading uint8 // 1 to MaxHeading; 0: none
	Tight   bool  // a line that follows the one before without the space between paragraphs
}

// Formatted reports whether there is something that plain text cannot say.
func (b Block) Formatted() bool { return b.List != NoList || b.Heading > 0 }

// Paragraph is one paragraph or, where it is Tight, line. Its text has no line end.
type Paragraph struct {
	Text  string
	Spans []Span // sorted, disjoint, none empty, no two neighbours alike
	Block
}

// Doc is a text: one paragraph at least, when it is not empty.
type Doc []Paragraph

// Formatted reports whether the document has something that plain text cannot say: marks, links with words of their own,
// pictures, lists, headings. Directions and quotes do not count: see NeedsDirections.
func (d Doc) Formatted() bool {
	for i := range d {
		p := &d[i]
		if p.Block.Formatted() {
			return true
		}
		for _, s := range p.Spans {
			if s.Marks != 0 || s.Image != nil || s.Link != "" && !sameLink(s.Link, p.Text[s.Start:s.End]) {
				return true
			}
		}
	}
	return false
}

// Images are the Content-IDs of the pictures, also of those that pages show, in the order of the text, each once.
func (d Doc) Images() []string {
	var out []string
	seen := map[string]bool{}
	for i := range d {
		for _, s := range d[i].Spans {
			for _, id := range s.Image.shows() {
				if !seen[id] {
					seen[id] = true
					out = append(out, id)
				}
			}
		}
	}
	return out
}

// GapBefore reports whether space belongs between paragraph i and the one before it: not before the first, a tight one, an
// item of the same list, nor beside an empty one, which is space itself.
func (d Doc) GapBefore(i int) bool {
	if i == 0 {
		return false
	}
	return Gap(&d[i-1], &d[i])
}

// Gap is GapBefore for two paragraphs that follow each other.
func Gap(before, p *Paragraph) bool {
	switch {
	case p.Tight, p.Text == "", before.Text == "":
		return false
	case p.List != NoList && before.List != NoList && p.Quote == before.Quote:
		return false
	}
	return true
}
