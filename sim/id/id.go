// Package id holds the small integer names of a model's entities. An id is the place of an entity in the
// model's list of its kind, in the order of the scenario file, so it can index a slice.
package id

// Firm names a firm. None stands for "no firm", as in a measure that has no counterpart.
type Firm uint16

// None is the absent firm.
const None Firm = 0xFFFF

// Region names a region with its own power limit and lead times.
type Region uint8

// NoRegion is the absent region.
const NoRegion Region = 0xFF

// Contract names a contract of the scenario.
type Contract uint16

// NoContract stands for "under no contract".
const NoContract Contract = 0xFFFF

// Site names a block of capacity: a cohort of power, building and chips with one owner and one region.
type Site int32
