// Package remotecontent fetches the pictures that a message refers to on the web. It is the only code of Peyk that does, and it is
// called only after the reader allowed it. By the same rules it asks a server, once the reader wants that, to take them off a list
// (Fetcher.Unsubscribe, RFC 8058).
//
// What a request tells is as little as HTTP can tell: method GET, the host, "User-Agent: Mozilla/5.0", "Accept: image/*". No
// cookies, no Referer (also not after a redirect), no credentials, no language, no conditional requests (an ETag is a cookie by
// another name), no TLS session resumption; a batch has connections of its own, so that one message is not tied to another.
//
// What it refuses:
//   - every scheme but http and https, user names in addresses, ports below 1024 but 80 and 443
//   - loopback, private, link-local, unique local, carrier-grade NAT (RFC 6598), multicast and documentation addresses, and IPv6 forms
//     that carry such an IPv4 address (mapped, 6to4, Teredo, NAT64). The address of each connection is looked at when it is
//     dialled, after name resolution and after every redirect, so that a name that changes its address (DNS rebinding) gains
//     nothing. Behind an account's proxy the proxy resolves names; then literal addresses and local names are refused
//   - more than Limits says: redirects, time, bytes, pictures, pixels; what is not a picture by its first bytes; Content-Encoding
//
// Pictures are never decoded here, except for their size in the header. Kept ones live in memory, and on disk for messages whose
// sender is allowed for good: at most 64 MB, 30 days, named by the SHA-256 of their address.
package remotecontent
