package mailsync

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"peyk/accounts/remote"
	"peyk/internal/mail"
	"peyk/store"
)

// problem turns an error into a sentence for people. what says what was being done ("receiving mail").
func problem(a mail.Account, what string, err error, retrying bool) *mail.Problem {
	p := &mail.Problem{Account: a.ID, Retrying: retrying, Detail: err.Error(), Kind: mail.ProblemProtocol}
	re := remote.As(err)
	switch {
	case re != nil:
		p.Kind = re.Kind
		p.Certificate = re.Cert
		p.Advice = re.Advice
		p.Code, p.Args, p.Said, p.RetryAfter, p.Held = re.Why, re.Args, re.Said(), re.RetryAfter, re.Held
		where := re.Host
		if where == "" {
			where = a.Incoming.Host
		}
		p.Where = where
		p.Summary = fmt.Sprintf("%s: %s failed at %s", a.Name, what, where)
		if re.Text != "" {
			p.Summary += ": " + re.Text
		} else if re.Err != nil {
			p.Summary += ": " + re.Err.Error()
		}
	case diskFull(err):
		p.Kind, p.Code = mail.ProblemDisk, mail.CodeDiskFull
		p.Summary = fmt.Sprintf("%s: %s stopped because the disk is full", a.Name, what)
		p.Advice = "Free some space on the disk that holds the profile; nothing is lost, and the next check goes on from here."
	case diskTrouble(err):
		p.Kind, p.Code = mail.ProblemDisk, mail.CodeDisk
		if ce := (*store.CorruptError)(nil); errors.As(err, &ce) {
			p.Code = ce.Problem().Code
		}
		p.Summary = fmt.Sprintf("%s: %s stopped: %v", a.Name, what, err)
	case otherVersion(err):
		se := (*store.SchemaError)(nil)
		errors.As(err, &se)
		p.Kind, p.Code, p.Retrying = mail.ProblemVersion, se.Problem().Code, false
		p.Summary = fmt.Sprintf("%s: %s stopped: %v", a.Name, what, err)
	default:
		p.Summary = fmt.Sprintf("%s: %s failed: %v", a.Name, what, err)
	}
	if p.Advice == "" {
		p.Advice = advice(p.Kind, retrying)
	}
	if !wasTried(err) {
		p.Summary += "; the password was not tried again"
		p.Advice += fmt.Sprintf(" Providers lock accounts at which a wrong one is tried again and again, so it rests until %s; another one is tried at once, "+
			"and so is this one by: peyk account test %s", re.Held.Local().Format("15:04 on 2006-01-02"), a.Name)
	}
	return p
}

func advice(k mail.ProblemKind, retrying bool) string {
	switch k {
	case mail.ProblemNetwork:
		if retrying {
			return "It is tried again by itself; check the network if it lasts."
		}
		return "Check the network, the server's name and its port."
	case mail.ProblemAuth:
		return "Check the user name and the password in the account settings."
	case mail.ProblemCertificate:
		return "Look at the certificate; trust it only when you know why it differs."
	case mail.ProblemPlaintext:
		return "Choose TLS or STARTTLS in the account settings."
	case mail.ProblemDisk:
		return "Check the disk that holds the profile."
	case mail.ProblemConfig:
		return "Check the account settings."
	}
	return ""
}

// oneLine is an error as a line of `failed`: what, then the cause and the advice.
func oneLine(p *mail.Problem) string {
	if p.Advice == "" {
		return p.Summary
	}
	return p.Summary + " (" + p.Advice + ")"
}

// diskFull recognises a full disk behind any layer.
func diskFull(err error) bool {
	var de *store.DiskError
	return errors.Is(err, syscall.ENOSPC) || (errors.As(err, &de) && de.Full)
}

// diskTrouble recognises a disk or a database that cannot be used.
func diskTrouble(err error) bool {
	var de *store.DiskError
	var ce *store.CorruptError
	return errors.As(err, &de) || errors.As(err, &ce)
}

// otherVersion recognises that a newer Peyk has upgraded the profile: nothing can be stored any more.
func otherVersion(err error) bool {
	var se *store.SchemaError
	return errors.As(err, &se)
}

// ended reports whether err is only the end of ctx: a cancelled pass is no failure to tell about.
func ended(ctx context.Context, err error) bool {
	return err != nil && ctx.Err() != nil
}

// closed reports whether the session that returned err is of no more use.
func closed(err error) bool {
	re := remote.As(err)
	return re != nil && re.Closed
}

// transient reports whether the same may work later: everything that is not known to be permanent.
func transient(err error) bool {
	return !remote.IsPermanent(err) && !errors.Is(err, remote.ErrUnsupported)
}
