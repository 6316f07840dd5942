package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkFirstResult is what a user waits for from the command to a result: the start of the process, the scenario, its
// central run, the tables, and the default charts or none.
func BenchmarkFirstResult(b *testing.B) {
	for _, plots := range []string{"none", "default"} {
		b.Run("plots="+plots, func(b *testing.B) {
			out := filepath.Join(b.TempDir(), "first")
			for b.Loop() {
				if said, err := exec.Command("powerplay", "run", "base-2026", "--plots", plots, "--out", out, "--force").CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, said)
				}
			}
		})
	}
}
