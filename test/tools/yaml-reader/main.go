// Reads YAML as kubectl and the Kubernetes libraries do, for tests that hold our reader against it.
//
// Each line of standard input is a JSON string: a document or, with the argument "stream", a file of documents. Each line of the answer
// is an array with what they say, or an object with the error.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// How much of a file is looked at to tell JSON from YAML; kubectl's own.
const lookAhead = 4096

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	answer := document
	if len(os.Args) > 1 && os.Args[1] == "stream" {
		answer = stream
	}
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		var text string
		if err == nil {
			err = json.Unmarshal(line, &text)
		}
		if err == nil {
			err = json.NewEncoder(out).Encode(answer(text))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func document(text string) any {
	value, err := sigsyaml.YAMLToJSON([]byte(text))
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return []json.RawMessage{value}
}

func stream(text string) any {
	values := []json.RawMessage{}
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), lookAhead)
	for {
		var value json.RawMessage
		err := decoder.Decode(&value)
		if errors.Is(err, io.EOF) {
			return values
		}
		if err != nil {
			return map[string]string{"error": err.Error()}
		}
		if value != nil {
			values = append(values, value)
		}
	}
}
