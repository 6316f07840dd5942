package record

import (
	"bytes"
	"encoding/json"
	"math"

	"powerplay/sim/unit"
)

// reasonLine is a reason as it stands in a file: JSON knows no NaN and no infinity, so those are null.
type reasonLine struct {
	Name  string         `json:"name"`
	Value *float64       `json:"value"`
	Unit  unit.Dimension `json:"unit"`
}

func (r *Reason) line() reasonLine {
	line := reasonLine{Name: r.Name, Unit: r.Unit}
	if !math.IsNaN(r.Value) && !math.IsInf(r.Value, 0) {
		line.Value = &r.Value
	}
	return line
}

// EventLine is an event as it stands in a file. An encoder writes it several times as fast as the event itself, of which
// it calls on each reason to write itself.
type EventLine struct {
	Event
	Why []reasonLine `json:"why,omitempty"`
}

// Set makes it the line of an event, and keeps what the event points to until the next call.
func (l *EventLine) Set(e Event) {
	l.Event, l.Why = e, l.Why[:0]
	for i := range e.Why {
		l.Why = append(l.Why, e.Why[i].line())
	}
}

// MarshalJSON writes the reason; a value that is not finite becomes null.
func (r Reason) MarshalJSON() ([]byte, error) {
	// The encoder, unlike json.Marshal, can leave < and > as they are: a reader without a JSON tool meets
	// names such as "price < limit".
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r.line()); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte{'\n'}), nil
}

// UnmarshalJSON reads a reason; null becomes NaN.
func (r *Reason) UnmarshalJSON(text []byte) error {
	var line reasonLine
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	*r = Reason{Name: line.Name, Value: math.NaN(), Unit: line.Unit}
	if line.Value != nil {
		r.Value = *line.Value
	}
	return nil
}
