package record

import "io"

// State is what a sink knows of the runs that have ended, so that an ensemble can be broken off and gone on
// with, and its parts can be put together: a new sink that adds the state of every part of an ensemble, in
// any order, holds what one sink would hold that had taken all its runs.
type State interface {
	// SaveState writes what is known of the runs that ended tells of. No run ends while it works, but others
	// may go on.
	SaveState(w io.Writer, ended func(run int) bool) error
	// AddState takes over what SaveState wrote of the runs that ended tells of, before runs of its own begin. A text that
	// SaveState cannot have written of them for a sink of the same shape is an error, and then the sink must not be used any
	// more.
	AddState(r io.Reader, ended Ended) error
}

// Ended are the runs of a state.
type Ended struct {
	Has   func(run int) bool
	Drawn int // of them those from 1 on: the central run is none of what is counted
}
