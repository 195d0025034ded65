// Holds pods against the checks of the Pod Security Standards, those that an API server runs when it admits pods.
//
// Reads one pod a line, as JSON with "level" (baseline or restricted), "metadata" and "spec", and answers each with a line: a JSON list
// of what the level forbids, each with its reason and detail. The checks are those of the newest version of the standards.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type pod struct {
	Level    string            `json:"level"`
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     corev1.PodSpec    `json:"spec"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "pod-security:", err)
		os.Exit(1)
	}
}

func run() error {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 16<<20)
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for lines.Scan() {
		var one pod
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return err
		}
		level, err := api.ParseLevel(one.Level)
		if err != nil {
			return err
		}
		if err := answers.Encode(violations(evaluator, level, &one)); err != nil {
			return err
		}
	}
	return lines.Err()
}

func violations(evaluator policy.Evaluator, level api.Level, one *pod) []string {
	found := []string{}
	version := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	for _, result := range evaluator.EvaluatePod(version, &one.Metadata, &one.Spec) {
		if !result.Allowed {
			found = append(found, result.ForbiddenReason+": "+result.ForbiddenDetail)
		}
	}
	return found
}
