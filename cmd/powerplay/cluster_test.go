package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// kubernetesJob is as much of a Job of Kubernetes' batch/v1 as the files of scenarios/cluster use: a field that
// is not here, or not in its place, is an error.
type kubernetesJob struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name string `yaml:"name"`
	} `yaml:"metadata"`
	Spec struct {
		CompletionMode       string `yaml:"completionMode"`
		Completions          int    `yaml:"completions"`
		Parallelism          int    `yaml:"parallelism"`
		BackoffLimitPerIndex int    `yaml:"backoffLimitPerIndex"`
		Template             struct {
			Spec struct {
				RestartPolicy string                `yaml:"restartPolicy"`
				Containers    []kubernetesContainer `yaml:"containers"`
				Volumes       []struct {
					Name                  string `yaml:"name"`
					PersistentVolumeClaim struct {
						ClaimName string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				} `yaml:"volumes"`
			} `yaml:"spec"`
		} `yaml:"template"`
	} `yaml:"spec"`
}

type kubernetesContainer struct {
	Name            string   `yaml:"name"`
	Image           string   `yaml:"image"`
	ImagePullPolicy string   `yaml:"imagePullPolicy"`
	WorkingDir      string   `yaml:"workingDir"`
	Command         []string `yaml:"command"`
	VolumeMounts    []struct {
		Name      string `yaml:"name"`
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

// readJob reads a manifest and checks what the API server would.
func readJob(t *testing.T, name string) (j kubernetesJob, c kubernetesContainer) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "scenarios", "cluster", name))
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(&j); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	pod := j.Spec.Template.Spec
	if j.APIVersion != "batch/v1" || j.Kind != "Job" || j.Metadata.Name == "" || len(pod.Containers) != 1 || len(pod.Volumes) != 1 {
		t.Fatalf("%s: %+v", name, j)
	}
	if pod.RestartPolicy != "OnFailure" && pod.RestartPolicy != "Never" {
		t.Errorf("%s: a Job cannot have the restart policy %q", name, pod.RestartPolicy)
	}
	if j.Spec.BackoffLimitPerIndex > 0 && pod.RestartPolicy != "Never" {
		t.Errorf("%s: a limit for each index needs the restart policy Never, not %q", name, pod.RestartPolicy)
	}
	c = pod.Containers[0]
	if c.Name == "" || c.Image == "" || len(c.VolumeMounts) != 1 || c.VolumeMounts[0].Name != pod.Volumes[0].Name || pod.Volumes[0].PersistentVolumeClaim.ClaimName == "" {
		t.Errorf("%s: container %+v, volumes %+v", name, c, pod.Volumes)
	}
	return j, c
}

// The commands of the manifests, started as Kubernetes would with fewer runs, make the bytes of a single run.
func TestKubernetesManifests(t *testing.T) {
	j, part := readJob(t, "kubernetes.yaml")
	_, join := readJob(t, "kubernetes_merge.yaml")
	n := j.Spec.Completions
	if j.Spec.CompletionMode != "Indexed" || j.Spec.Parallelism > n || n < 2 || part.WorkingDir != part.VolumeMounts[0].MountPath {
		t.Fatalf("%d completions, %d at a time, in mode %q and folder %s", n, j.Spec.Parallelism, j.Spec.CompletionMode, part.WorkingDir)
	}
	parts := t.TempDir()
	run := func(c kubernetesContainer, environment ...string) {
		args := strings.Fields(strings.ReplaceAll(strings.Join(c.Command[1:], " ")+" ", c.VolumeMounts[0].MountPath, parts))
		for i, a := range args {
			if a == "10000" {
				args[i] = "12"
			}
		}
		x := exec.Command(strings.TrimPrefix(c.Command[0], "/"), args...)
		x.Dir, x.Env = parts, append(os.Environ(), environment...)
		if text, err := x.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, text)
		}
	}
	for index := range n {
		run(part, fmt.Sprint("JOB_COMPLETION_INDEX=", index))
	}
	run(join)
	x := exec.Command("powerplay", "run", "base-2026", "--runs", "12", "--out", "single")
	x.Dir = parts
	if text, err := x.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, line := range differences(filepath.Join(parts, "single"), filepath.Join(parts, "result")) {
		t.Error(line)
	}
}
