package app

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"time"
)

// serve runs the service until it is told to stop.
func serve(ctx context.Context, args []string, out, errOut io.Writer) error {
	var c config
	f := flag.NewFlagSet("serve", flag.ContinueOnError)
	c.serverFlags(f)
	if err := c.read(f, args, errOut); err != nil {
		return err
	}
	if err := noMore(f); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	address := "http://" + listener.Addr().String()
	if c.URL == "" {
		c.URL = address
	}
	var access *demoAccess
	if c.Demo {
		if access, err = prepareDemo(ctx, c, out); err != nil {
			return err
		}
	}
	h, err := open(ctx, c, options{})
	if err != nil {
		return err
	}
	h.start()
	if err := h.ready(ctx); err != nil {
		fmt.Fprintln(errOut, "not ready:", err)
	}
	h.warnOfKeys(ctx)
	fmt.Fprintln(out, asJSON(map[string]string{"listening": address}))
	if access != nil {
		access.print(out, c.URL)
	}
	err = h.web.Serve(ctx, listener)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if e := h.stop(stopping); err == nil {
		err = e
	}
	return err
}

// warnOfKeys logs where bytes of destroyed keys may outlive them on this server,
// so that whoever runs it can mend it.
func (h *house) warnOfKeys(ctx context.Context) {
	notes, err := h.keys.Caveats(ctx)
	if err != nil {
		h.log.Warn("it is not known whether this server keeps destroyed keys", "error", err)
	}
	for _, n := range notes {
		h.log.Warn("a destroyed key may be kept", "why", n)
	}
}
