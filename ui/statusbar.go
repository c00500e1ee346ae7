package ui

import (
	"sort"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"peyk/internal/mail"
	"peyk/ui/icons"
	"peyk/ui/kit"
	"peyk/ui/lang"
	"peyk/ui/theme"
)

// statusBar is the foot of the window: what is going on, what went wrong, and when each account was last checked.
type statusBar struct {
	env      *env
	states   map[mail.AccountID]mail.Progress
	problems map[mail.AccountID]*mail.Problem
	results  map[mail.AccountID]checked
	next     map[mail.AccountID]time.Time // when it is tried or checked again by itself
	trouble  string                       // a failure of the window itself
	failures string                       // what failed and is listed in the activity
	hint     string
	doing    string // the words of the progress

	progress *kit.Progress
	words    *kit.Label
	sign     *kit.Icon
	problem  *tapLabel
	stop     *kit.Button
	last     *kit.Label
	left     *fyne.Container
	row      *fyne.Container
	boxes    struct{ problem, progress, words *fyne.Container } // each takes the room there is
	content  fyne.CanvasObject

	// OnProblem opens the details of a problem; OnTrouble those of a failure of the window.
	OnProblem func(p *mail.Problem)
	OnTrouble func()
	// OnFailures opens the list of what failed.
	OnFailures func()
	// OnStop ends the passes that run.
	OnStop func()
	// OnDismissed tells that a problem of an account is not told any more.
	OnDismissed func(id mail.AccountID)
	// Foot gives what is said while nothing is more urgent: at the start, and at the end in place of the last check; "" for nothing.
	Foot func() (start, end string)
	// OnLate hears of messages that were sent later than the user chose.
	OnLate func(list []mail.Late)
	// OnDiscarded hears of drafts that are here no more because another device discarded or sent them.
	OnDiscarded func(list []mail.DiscardedDraft)
	// OnWarn tells which accounts have a problem.
	OnWarn func(id mail.AccountID, words string)
}

type checked struct {
	at     time.Time
	result mail.PassResult
	since  time.Time // of the first of the passes that result tells of together
}

// togetherFor is how long passes that follow each other are told as one: a check that brings mail is often followed by a look at what came
// meanwhile, and "0 new" right after new mail came would be true and of no use.
const togetherFor = time.Minute

// checkedNow is the result of a pass that ended at a time, the zero time for now, with those just before it.
func (s *statusBar) checkedNow(id mail.AccountID, r mail.PassResult, at time.Time) checked {
	if at.IsZero() {
		at = s.env.now()
	}
	c := checked{at, r, at}
	if old, ok := s.results[id]; ok && c.at.Sub(old.since) < togetherFor && !c.at.Before(old.since) {
		o := old.result
		c.since = old.since
		c.result.Mail, c.result.New, c.result.Updated, c.result.Removed = r.Mail+o.Mail, r.New+o.New, r.Updated+o.Updated, r.Removed+o.Removed
		c.result.RemovedOnServer, c.result.Sent = r.RemovedOnServer+o.RemovedOnServer, r.Sent+o.Sent
	}
	return c
}

// nextTry is when an account is tried again by itself after a failure; zero when it is not, or nothing failed.
func (s *statusBar) nextTry(id mail.AccountID) time.Time {
	switch p := s.problems[id]; {
	case p == nil:
		return time.Time{}
	case !p.Held.IsZero():
		return p.Held
	case !p.Retrying:
		return time.Time{}
	}
	return s.next[id]
}

// triesAgain reports whether what failed at an account needs nobody to go on.
func (s *statusBar) triesAgain(id mail.AccountID) bool {
	p := s.problems[id]
	return p != nil && p.Retrying && !s.next[id].IsZero()
}

func newStatusBar(e *env) *statusBar {
	s := &statusBar{
		env: e, states: map[mail.AccountID]mail.Progress{}, problems: map[mail.AccountID]*mail.Problem{}, results: map[mail.AccountID]checked{}, next: map[mail.AccountID]time.Time{},
		progress: kit.NewProgress(), words: kit.NewLabel("", kit.Meta).Ellipsized(), sign: kit.NewIcon(icons.TriangleAlert, theme.Danger, theme.IconSmall),
		last: kit.NewLabel("", kit.Meta).Ellipsized().Aligned(kit.AlignEnd), Foot: func() (string, string) { return "", "" },
	}
	s.problem = newTapLabel(kit.Meta.With(theme.Danger), s.tapped)
	s.stop = kit.NewIconButton(icons.CircleStop, lang.T("cmd.stop"), func() { s.OnStop() }).Small().Tinted(theme.Muted)
	s.boxes.problem, s.boxes.progress, s.boxes.words = kit.Grow(s.problem), kit.Grow(s.progress), kit.Grow(s.words)
	s.left = kit.HBox(8, s.sign, s.boxes.problem, s.boxes.progress, s.boxes.words, s.stop)
	s.row = &fyne.Container{Layout: &statusLayout{s, kit.NewLabel("", kit.Meta)}, Objects: []fyne.CanvasObject{s.left, s.last}}
	s.content = kit.VBox(0, kit.HLine(), kit.NewSurface(theme.Side, kit.Fixed(0, theme.StatusHeight-1, kit.PadXY(14, 0, s.row))))
	s.Show()
	return s
}

// statusLayout gives the right part what its words need, up to a share of the bar, and the left part the rest; of that the
// progress takes no more than its words need, so that the button to stop it stands behind them.
type statusLayout struct {
	s       *statusBar
	measure *kit.Label
}

// Layout implements fyne.Layout.
func (l *statusLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	right := min(l.width(l.s.last.Text()), size.Width*0.6)
	if l.s.boxes.problem.Visible() { // what went wrong is read first, and whole where there is room
		if right = min(right, size.Width-l.width(l.s.problem.Text())-problemSign); right < leastLast {
			right = 0
		}
	}
	left := size.Width - right - 12
	if l.s.boxes.progress.Visible() && !l.s.boxes.problem.Visible() {
		left = min(left, progressBar+l.width(l.s.doing)+theme.ControlSmall+20)
	}
	put(o[0], size.Width, 0, 0, left, size.Height)
	h := o[1].MinSize().Height
	put(o[1], size.Width, size.Width-right, (size.Height-h)/2, right, h)
}

func (l *statusLayout) width(words string) float32 {
	l.measure.SetText(words)
	return l.measure.MinSize().Width + 2
}

// MinSize implements fyne.Layout.
func (l *statusLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, 20) }

// What a problem takes beside its words, and the room that the words at the end need to say anything.
const (
	problemSign = 40
	leastLast   = 90
)

// progressBar is the width of the bar before the words, with its gap.
const progressBar = 134

// Progress takes the state of a worker.
func (s *statusBar) Progress(p mail.Progress) {
	s.states[p.Account] = p
	if p.Problem != nil {
		s.problems[p.Account] = p.Problem
		s.OnWarn(p.Account, s.problemWords(p.Problem))
	} else if p.Result != nil || p.Phase == mail.PhaseWaiting || p.Phase == mail.PhaseIdle || p.Phase == mail.PhaseOffline && s.triesAgain(p.Account) {
		delete(s.problems, p.Account)
		s.OnWarn(p.Account, "")
	}
	if p.Result != nil {
		s.next[p.Account] = p.Next
		if len(p.Result.Late) > 0 {
			s.OnLate(p.Result.Late)
		}
		if len(p.Result.Discarded) > 0 {
			s.OnDiscarded(p.Result.Discarded)
		}
		if len(p.Result.Failed) == 0 || p.Result.Did() { // one that failed before it brought anything has checked nothing
			s.results[p.Account] = s.checkedNow(p.Account, *p.Result, p.At)
		}
	}
	s.Show()
}

// Dismiss stops telling a problem.
func (s *statusBar) Dismiss(p *mail.Problem) {
	if have := s.problems[p.Account]; have != nil && have.Code == p.Code && have.Said == p.Said {
		delete(s.problems, p.Account)
		s.OnWarn(p.Account, "")
		s.OnDismissed(p.Account)
		s.Show()
	}
}

// Fail shows a failure of the window itself until the next click on it.
func (s *statusBar) Fail(words string) {
	s.trouble = words
	s.Show()
}

// SetFailures tells how many operations failed, how many messages were set aside and how many lists could not be left, for as long as nothing is more urgent.
func (s *statusBar) SetFailures(ops, aside, lists int) {
	words := ""
	if ops > 0 {
		words = lang.N("activity.failed", ops)
	}
	if aside > 0 {
		words = lang.Dots(words, lang.N("activity.aside", aside))
	}
	if lists > 0 {
		words = lang.Dots(words, lang.N("activity.lists", lists))
	}
	if words != s.failures {
		s.failures = words
		s.Show()
	}
}

// Hint shows words for a moment, such as where a link leads; "" takes them away.
func (s *statusBar) Hint(words string) {
	s.hint = words
	s.Show()
}

// Busy reports whether a pass runs.
func (s *statusBar) Busy() bool {
	_, ok := s.working()
	return ok
}

// problemWords is a problem in one sentence, with its account.
func (s *statusBar) problemWords(p *mail.Problem) string {
	a, _ := s.env.tree.Account(p.Account)
	return lang.ProblemWords(p, a.Name)
}

// Problems lists what is wrong, by account.
func (s *statusBar) Problems() []*mail.Problem {
	var out []*mail.Problem
	for _, a := range s.env.tree.Accounts() {
		if p := s.problems[a.ID]; p != nil {
			out = append(out, p)
		}
	}
	return out
}

func (s *statusBar) tapped() {
	if s.trouble != "" {
		s.OnTrouble()
		return
	}
	if ps := s.Problems(); len(ps) > 0 {
		s.OnProblem(ps[0])
	} else if s.failures != "" {
		s.OnFailures()
	}
}

// working is the account that has the most to tell of what it is doing.
func (s *statusBar) working() (mail.Progress, bool) {
	var busy []mail.Progress
	for id, p := range s.states {
		if _, there := s.env.tree.Account(id); there && working(p) { // of one that was removed nothing more is heard
			busy = append(busy, p)
		}
	}
	if len(busy) == 0 {
		return mail.Progress{}, false
	}
	sort.Slice(busy, func(i, j int) bool {
		if x, y := busy[i].Total-busy[i].Done, busy[j].Total-busy[j].Done; x != y {
			return x > y
		}
		return busy[i].Account < busy[j].Account
	})
	return busy[0], true
}

// Show brings the bar to the state.
func (s *statusBar) Show() {
	for _, o := range s.left.Objects {
		o.Hide()
	}
	p, busy := s.working()
	problems := s.Problems()
	foot, end := s.Foot()
	switch {
	case s.hint != "":
		s.words.SetText(s.hint)
		s.boxes.words.Show()
	case s.trouble != "":
		s.problem.SetText(s.trouble)
		s.sign.Show()
		s.boxes.problem.Show()
	default:
		if len(problems) > 0 {
			words := s.problemWords(problems[0])
			if n := len(problems) - 1; n > 0 {
				words = lang.N("status.more.problems", n, words)
			}
			s.problem.SetText(words)
			s.sign.Show()
			s.boxes.problem.Show()
		}
		if busy {
			s.doing = s.workWords(p)
			s.progress.Set(share(p), s.doing)
			s.boxes.progress.Show()
			s.stop.Show()
			break
		}
		s.progress.Set(0, "")
		switch {
		case len(problems) > 0:
		case s.failures != "":
			s.problem.SetText(s.failures)
			s.sign.Show()
			s.boxes.problem.Show()
		case s.allOffline():
			s.words.SetText(lang.T("status.offline"))
			s.boxes.words.Show()
		case foot != "":
			s.words.SetText(foot)
			s.boxes.words.Show()
		}
	}
	if end == "" {
		end = s.lastWords()
	}
	s.last.SetText(end)
	s.left.Refresh()
	s.row.Refresh()
}

func share(p mail.Progress) float64 {
	if p.Total <= 0 {
		return -1
	}
	return float64(p.Done) / float64(p.Total)
}

func (s *statusBar) workWords(p mail.Progress) string {
	name := ""
	if a, ok := s.env.tree.Account(p.Account); ok {
		name = a.Email
	}
	id := "status." + string(p.Phase)
	if p.Total > 0 && p.Phase == mail.PhaseSending { // these are bytes
		return lang.T(id+".count", name, lang.Size(int64(p.Done)), lang.Size(int64(p.Total)))
	}
	if p.Total > 0 {
		return lang.T(id+".count", name, p.Done, p.Total)
	}
	return lang.T(id, name)
}

func (s *statusBar) allOffline() bool {
	n := 0
	for id, p := range s.states {
		if _, there := s.env.tree.Account(id); !there {
			continue
		}
		if p.Phase != mail.PhaseOffline {
			return false
		}
		n++
	}
	return n > 0
}

// lastWords tells the newest result: "POP3 checked 09:30 · 2 new, copies stay on the server for 14 days".
func (s *statusBar) lastWords() string {
	var newest checked
	var id mail.AccountID
	for k, c := range s.results {
		if _, there := s.env.tree.Account(k); there && c.at.After(newest.at) {
			newest, id = c, k
		}
	}
	a, ok := s.env.tree.Account(id)
	if !ok {
		return ""
	}
	words := []string{lang.T("status.checked", s.shortName(a), lang.Time(newest.at.In(s.env.now().Location())))}
	words = append(words, lang.N("status.new", newest.result.Mail))
	if n := newest.result.RemovedOnServer; n > 0 {
		words = append(words, lang.N("status.removed", n))
	} else if a.Protocol == mail.POP3 {
		words = append(words, popRule(a.POP3))
	}
	return lang.Dots(words[0], strings.Join(words[1:], lang.T("list.comma")))
}

// shortName is the protocol of an account while no other has the same, else its address.
func (s *statusBar) shortName(a mail.Account) string {
	for _, b := range s.env.tree.Accounts() {
		if b.ID != a.ID && b.Protocol == a.Protocol {
			return a.Email
		}
	}
	return strings.ToUpper(string(a.Protocol))
}

// popRule says what becomes of the copies on a POP3 server.
func popRule(o mail.POP3Options) string {
	switch {
	case !o.LeaveOnServer:
		return lang.T("status.pop.remove")
	case o.RemoveAfterDays > 0:
		return lang.N("status.pop.days", o.RemoveAfterDays)
	}
	return lang.T("status.pop.stay")
}
