package mail

// WarningCode names what was wrong with a message, so that a window can say it in the language of its user and a program
// can count it. Codes are never renamed. docs/warnings.md lists them for users.
type WarningCode string

// The codes, with their arguments.
const (
	WarnFromControl     WarningCode = "from_control"      // the From field has control characters, which is used to deceive
	WarnFromMissing     WarningCode = "from_missing"      // there is no From field
	WarnFromSeveral     WarningCode = "from_several"      // there are several From fields
	WarnFromNoAddress   WarningCode = "from_no_address"   // the From field holds no e-mail address
	WarnFromInvisible   WarningCode = "from_invisible"    // invisible characters were taken out of the sender's name
	WarnFromOtherAddr   WarningCode = "from_other_addr"   // the sender's name is another address than the sender's: name, address
	WarnFromNameMixed   WarningCode = "from_name_mixed"   // the sender's name mixes alphabets that look alike: name
	WarnFromDomainMixed WarningCode = "from_domain_mixed" // the sender's domain mixes alphabets that look alike: domain
	WarnFromDomainLike  WarningCode = "from_domain_like"  // the sender's domain is in another alphabet and reads like a Latin one: domain, what it reads like
	WarnEncrypted       WarningCode = "encrypted"         // the message is encrypted: method
	WarnSignedOpaque    WarningCode = "signed_opaque"     // the message is wrapped in an S/MIME signature
	WarnExternalBody    WarningCode = "external_body"     // a part is not in the message but kept elsewhere: address
	WarnPartial         WarningCode = "partial"           // the message is one piece of a longer one: number, total ("" when not told)
	WarnAssembled       WarningCode = "assembled"         // the message was put together: number of pieces
	WarnDateBad         WarningCode = "date_bad"          // the Date field cannot be understood
	WarnHeaderCut       WarningCode = "header_cut"        // a header is longer than 1 MB and was cut
	WarnHeaderJunk      WarningCode = "header_junk"       // a line in a header is no header field and was left out
	WarnHeaderOpen      WarningCode = "header_open"       // the empty line between header and body is missing
	WarnBOM             WarningCode = "bom"               // the message starts with a byte order mark
	WarnBoundaryWrong   WarningCode = "boundary_wrong"    // the named boundary never comes; another was taken
	WarnBoundaryGuessed WarningCode = "boundary_guessed"  // no boundary is named; one was guessed
	WarnBoundaryNone    WarningCode = "boundary_none"     // a multipart without any boundary; it is shown as text
	WarnBoundaryOpen    WarningCode = "boundary_open"     // a closing boundary is missing
	WarnTooDeep         WarningCode = "too_deep"          // nested too deeply or too many parts; the rest was not taken apart
	WarnTextCut         WarningCode = "text_cut"          // the text is longer than 8 MB and was cut
	WarnCharsetUnknown  WarningCode = "charset_unknown"   // nobody knows the charset; it was guessed: its name
	WarnCharsetWrong    WarningCode = "charset_wrong"     // the charset cannot be the one that is named; it was guessed: its name
	WarnRead            WarningCode = "read"              // a part of the message could not be read from the disk: error
)

// Warning is something that was wrong with a message.
type Warning struct {
	Code WarningCode `json:"code"`
	// Part is the number of the MIME part it is about; "" is the message itself.
	Part string `json:"part"`
	// Offset is where the header of that part starts, in bytes from the start of the message, or from the start of the
	// decoded bytes when the part is inside of one that was base64 or quoted-printable.
	Offset int64 `json:"offset"`
	// Args are what the sentence names, as the code says.
	Args []string `json:"args,omitempty"`
	// Text is the sentence in English, without capital and full stop.
	Text string `json:"text"`
}
