// Package powerloss simulates, for tests, a computer that loses its power while a program writes files.
//
// The program runs under strace(1), which records what it writes, renames and syncs below a folder. From the record come the
// folders that the computer might show after a power cut at any moment: what was synced is there; of what was not, some writes are,
// some are not, and some only by half.
//
// The model: fsync and fdatasync make what was written to that file before, and the file's name when it is new, durable. A sync
// of a folder makes the renames, removals and new names in it durable, and not its own name: that is in its parent. Data that was not synced may be lost or kept write by write,
// in sectors of 512 bytes; changes of names that were not synced are kept up to some point, in order, as file systems with a
// journal do.
package powerloss
