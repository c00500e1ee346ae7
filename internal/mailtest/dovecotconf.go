package mailtest

import (
	"fmt"
	"os"
	"os/user"
	"strings"
)

// config writes dovecot.conf (Dovecot 2.3).
func (s *Server) config() string {
	return s.generalConfig() + s.portsConfig() + s.servicesConfig() + unprivileged() + s.opts.Extra + "\n"
}

// generalConfig is about users and their mailboxes.
func (s *Server) generalConfig() string {
	o := s.opts
	mechs := o.Mechanisms
	if mechs == "" {
		mechs = "plain login cram-md5 scram-sha-256"
	}
	sep := o.Separator
	if sep == "" {
		sep = "/"
	}
	location := "maildir:~/Maildir"
	if o.Format == "sdbox" {
		location = "sdbox:~/sdbox"
	}
	var b strings.Builder
	fmt.Fprintf(&b, `
base_dir = %[1]s/run
state_dir = %[1]s/run
log_path = %[1]s/dovecot.log
listen = 127.0.0.1
protocols = imap pop3
disable_plaintext_auth = no
auth_mechanisms = %[2]s
auth_username_format = %%Ln
auth_verbose = yes
auth_failure_delay = 0
ssl = yes
ssl_cert = <%[1]s/cert.pem
ssl_key = <%[1]s/key.pem
mail_home = %[1]s/mail/%%u
mail_location = %[3]s
mail_uid = %[4]d
mail_gid = %[5]d
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mail_max_userip_connections = 200
mail_max_keyword_length = 100
maildir_stat_dirs = no
pop3_uidl_format = %%g
passdb {
  driver = passwd-file
  args = %[1]s/users
}
userdb {
  driver = static
  args = uid=%[4]d gid=%[5]d home=%[1]s/mail/%%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = %[6]s
`, s.Dir, mechs, location, s.uid, s.gid, sep)
	for _, m := range []string{"Sent", "Drafts", "Trash", "Junk", "Archive"} {
		fmt.Fprintf(&b, "  mailbox %s {\n    special_use = \\%s\n    auto = subscribe\n  }\n", m, m)
	}
	b.WriteString("}\n")
	return b.String()
}

// portsConfig is about what listens where.
func (s *Server) portsConfig() string {
	var b strings.Builder
	for _, p := range []struct {
		name        string
		plain, tls  int
		plainL, tlL string
	}{{"imap", s.IMAPPort, s.IMAPSPort, "imap", "imaps"}, {"pop3", s.POP3Port, s.POP3SPort, "pop3", "pop3s"}} {
		fmt.Fprintf(&b, `
service %[1]s-login {
  service_count = 0
  process_min_avail = 0
  client_limit = 400
  inet_listener %[2]s {
    port = %[3]d
  }
  inet_listener %[4]s {
    port = %[5]d
    ssl = yes
  }
%[6]s}
service %[1]s {
  process_limit = 400
}
`, p.name, p.plainL, p.plain, p.tlL, p.tls, s.noChroot())
	}
	return b.String()
}

// servicesConfig is about the processes that help.
func (s *Server) servicesConfig() string {
	compress := ""
	if s.opts.Compress {
		compress = "mail_plugins = $mail_plugins imap_zlib"
	}
	return fmt.Sprintf(`
service auth {
  unix_listener auth-smtp {
    mode = 0666
  }
}
# No waiting after wrong passwords.
service anvil {
%[1]s  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
protocol imap {
  imap_idle_notify_interval = 29 mins
  %[2]s
}
`, s.noChroot(), compress)
}

// noChroot is for an ordinary user, who may not call chroot.
func (s *Server) noChroot() string {
	if os.Getuid() == 0 {
		return ""
	}
	return "  chroot =\n"
}

// unprivileged lets all of Dovecot's processes run as the ordinary user who starts it.
func unprivileged() string {
	if os.Getuid() == 0 {
		return ""
	}
	name, group := fmt.Sprint(os.Getuid()), fmt.Sprint(os.Getgid())
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if g, err := user.LookupGroupId(group); err == nil {
		group = g.Name
	}
	return fmt.Sprintf("default_internal_user = %s\ndefault_internal_group = %s\ndefault_login_user = %s\n", name, group, name)
}
