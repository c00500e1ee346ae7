package mailtest

import (
	"fmt"
	"path/filepath"
	"strings"
)

// mainCF writes main.cf: a server for a few local domains that relays nothing.
func (m *MTA) mainCF() string {
	size := m.opts.SizeLimit
	if size <= 0 {
		size = 50 << 20
	}
	utf8, tls := "yes", "may"
	if m.opts.NoUTF8 {
		utf8 = "no"
	}
	if m.opts.NoSTARTTLS {
		tls = "none"
	}
	return fmt.Sprintf(mainTemplate, m.Dir, m.command, m.daemons, strings.Join(m.Domains, " "), m.dovecot.Dir, m.dovecot.uid, m.dovecot.gid, size, tls, utf8) + m.opts.Extra + "\n"
}

// mainTemplate is main.cf.
const mainTemplate = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
command_directory = %[2]s
daemon_directory = %[3]s
mail_owner = postfix
setgid_group = postdrop
maillog_file = %[1]s/log/postfix.log
maillog_file_prefixes = %[1]s
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mx.peyk.test
mydestination =
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = %[4]s
virtual_mailbox_maps = texthash:%[1]s/etc/boxes
virtual_mailbox_base = %[5]s/mail
virtual_uid_maps = static:%[6]d
virtual_gid_maps = static:%[7]d
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
message_size_limit = %[8]d
mailbox_size_limit = 0
smtpd_recipient_restrictions = reject_unauth_destination
smtpd_relay_restrictions = reject_unauth_destination
smtpd_reject_unlisted_recipient = yes
smtpd_tls_cert_file = %[1]s/etc/cert.pem
smtpd_tls_key_file = %[1]s/etc/key.pem
smtpd_tls_security_level = %[9]s
smtpd_tls_session_cache_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = %[5]s/run/auth-smtp
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_hard_error_limit = 100
smtpd_error_sleep_time = 0
smtputf8_enable = %[10]s
default_transport = error:5.7.1 tests send no mail out
relay_transport = error:5.7.1 tests send no mail out
disable_dns_lookups = yes
append_dot_mydomain = no
biff = no
in_flow_delay = 0
`

// masterCF writes master.cf: the three listeners and the services delivery needs, none of them in a chroot.
func (m *MTA) masterCF() string {
	login := " -o smtpd_client_restrictions=permit_sasl_authenticated,reject -o smtpd_delay_reject=yes"
	return fmt.Sprintf(`127.0.0.1:%d inet n - n - - smtpd
127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes%s
127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_security_level=encrypt%s
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`, m.Port25, m.Port465, login, m.Port587, login)
}

// Queue returns the names of the messages that wait in the queue; an empty one says that everything was delivered.
func (m *MTA) Queue() []string {
	var out []string
	for _, d := range []string{"incoming", "active", "deferred", "hold", "maildrop"} {
		files, _ := filepath.Glob(filepath.Join(m.Dir, "queue", d, "*"))
		more, _ := filepath.Glob(filepath.Join(m.Dir, "queue", d, "?", "*"))
		for _, f := range append(files, more...) {
			if len(filepath.Base(f)) > 1 {
				out = append(out, filepath.Base(f))
			}
		}
	}
	return out
}
