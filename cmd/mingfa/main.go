// Command mingfa is the whole house in one program; see internal/app.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"mingfa/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(app.Run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
