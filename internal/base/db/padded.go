package db

import "slices"

// Padded is a list for IN (...), its last value repeated up to the next power of
// two: so there are few different statements, and each is prepared once. An
// empty list stays empty.
func Padded[T any](list []T) []T {
	n := 1
	for n < len(list) {
		n *= 2
	}
	if len(list) == 0 {
		return nil
	}
	return append(slices.Clone(list), slices.Repeat(list[len(list)-1:], n-len(list))...)
}
