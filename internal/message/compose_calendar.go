package message

// calendarBody writes the text and beside it the answer to an invitation, so that calendars find it and people read it (RFC 6047
// §2.4, multipart/alternative as every calendar does it).
func (c *composer) calendarBody() error {
	return c.multipart("alternative", nil, func(part func() error) error {
		if err := part(); err != nil {
			return err
		}
		if err := c.text("plain", cleanText(c.o.Draft.Text)+"\n"); err != nil {
			return err
		}
		if err := part(); err != nil {
			return err
		}
		return c.text("calendar", string(c.o.Calendar), param{name: "method", value: c.o.Method})
	})
}
