// Package accept tries the whole program from outside, as its users, its
// operators and its enemies would: real processes of the built program, real
// databases, kill -9, forged bytes. It has no code of its own, only tests; the
// long ones carry the build tag accept and run with make accept.
//
// Nothing here reaches into a running process: what is asserted was sent over
// HTTP, read from files, or asked of mingfa verify.
package accept
