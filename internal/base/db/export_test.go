package db

// Waiting is how many closures wait for the writer of SQLite.
func (d *DB) Waiting() int { return len(d.writer.queue.people) + len(d.writer.queue.system) }
