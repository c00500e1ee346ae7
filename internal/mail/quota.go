package mail

import "time"

// Quota is how much of its space on the server an account uses (RFC 9208). Limit 0: the server told of none.
type Quota struct {
	Used  int64     `json:"used"`  // bytes
	Limit int64     `json:"limit"` // bytes
	At    time.Time `json:"at"`    // when the server was asked
}

// Percent is the share that is used, 0 without a limit.
func (q Quota) Percent() int {
	if q.Limit <= 0 || q.Used <= 0 {
		return 0
	}
	return int(float64(q.Used) / float64(q.Limit) * 100)
}
