// Package mailtest gives tests real mail servers: private instances of Dovecot, Cyrus and Courier (IMAP, POP3) and Postfix (SMTP)
// on free loopback ports with a certificate authority of their own, and a scripted server for what real ones never do. Nothing
// outlives the test: each server ends with the test's cleanup, and with the test process when that is killed.
//
// The servers keep everything in a temporary folder, never touch the machine's own configuration, and any number of
// them run side by side. As root, Dovecot drops to its own users as it does in production; as an ordinary user it runs
// as that user. Postfix's master insists on root; without it StartPostfix starts it through sudo where that asks no
// password. Cyrus and Courier are unpacked by .ci/deps, not installed: in Debian they exclude Dovecot. A missing package
// fails the test with the command that installs it: these tests are never skipped, except Cyrus and Courier where there are
// no Debian packages.
package mailtest
