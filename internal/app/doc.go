// Package app puts the house together: configuration, wiring, routes, the
// reactions (flow_*.go) and the verbs that need two wings (cross_*.go).
//
// Its tests hold the plan of the house as data: storeys_test.go says which room
// may use which, sql_test.go which tables a room may name, habits_test.go what
// belongs to one place only. To change the plan is to change a line there.
package app
