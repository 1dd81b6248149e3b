// Package web carries the built pages inside the program: the portal for
// citizens (served at "/") and the desk for staff (served at "/desk/").
//
// The sources lie beside this file (portal/, desk/, shared/) and are built by
// `npm ci && npm run build` in this directory into portal/dist and desk/dist.
// Neither dist is committed: only its .gitkeep is, so that `go build` and
// `go test ./...` work in a tree without a web build. Built then says false and
// the caller answers 503 with the command to run.
//
// What a caller may rely on: every file name below assets/ carries a hash of
// its content (cache it for ever); index.html does not (never cache it). Both
// applications route by the fragment ("/#/orders/..."), so no path needs a
// fallback to index.html. All pages hold under the policy default-src 'self':
// no inline script, no foreign origin, and no style but that of their own files. The
// desk alone makes stylesheets while it runs (antd): they carry the nonce that
// stands for Nonce in its index.html.
//
// Beside them lies the font of the PDF files, which the same build takes from npm
// (font.mjs), with its licence.
//
// The file systems are read only and safe for concurrent use.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:portal/dist all:desk/dist all:font/dist
var files embed.FS

// Nonce is the word in the desk's index.html in whose place each answer puts a
// fresh nonce (vite.desk.config.ts writes it).
const Nonce = "MINGFA-NONCE"

// Portal is the built portal for citizens; index.html stands at its root.
func Portal() fs.FS { return sub("portal/dist") }

// Desk is the built desk for staff; index.html stands at its root, and its
// references start with /desk/.
func Desk() fs.FS { return sub("desk/dist") }

// Font is the TrueType font with Chinese for PDF files; nil when it was not
// there at the build. It is 10 MB and read anew by each call: keep it.
func Font() []byte {
	b, err := files.ReadFile("font/dist/NotoSansSC.ttf")
	if err != nil {
		return nil
	}
	return b
}

// Built tells whether both applications were built before this program was.
func Built() bool {
	for _, dir := range []string{"portal/dist", "desk/dist"} {
		if _, err := fs.Stat(files, dir+"/index.html"); err != nil {
			return false
		}
	}
	return true
}

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // the names above are constants and embedded: can't happen
	}
	return f
}
