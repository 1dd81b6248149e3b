package db

import (
	"fmt"

	"github.com/uptrace/bun"
	sqlite "modernc.org/sqlite"
)

// guard watches the writing connection of SQLite. Some errors (a full disk, a
// failed read) end the transaction by themselves, and a closure may swallow one:
// each statement after it would then be a transaction of its own, committed
// before its neighbours and whatever the closure answers. So the connection tells
// when a transaction was undone, and commits none but the writer's.
//
// SQLite calls both hooks on the goroutine that runs the statement, which is the
// writer's.
type guard struct {
	committing bool // the writer's COMMIT is running
	undone     bool // since the last BEGIN
}

// watch puts the guard at its connection.
func (g *guard) watch(c bun.Conn) error {
	return c.Raw(func(dc any) error {
		hooks, ok := dc.(sqlite.HookRegisterer)
		if !ok {
			return fmt.Errorf("%T can't tell when a transaction ends", dc)
		}
		hooks.RegisterCommitHook(func() int32 {
			if g.committing {
				return 0
			}
			return 1
		})
		hooks.RegisterRollbackHook(func() { g.undone = true })
		return nil
	})
}

// unwatch takes it away: the driver keeps hooks by the connection's address,
// which another one may get.
func (g *guard) unwatch(c bun.Conn) error {
	return c.Raw(func(dc any) error {
		if hooks, ok := dc.(sqlite.HookRegisterer); ok {
			hooks.RegisterCommitHook(nil)
			hooks.RegisterRollbackHook(nil)
		}
		return nil
	})
}
