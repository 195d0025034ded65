// Command cmp-client asks a cmp-server what Argo CD asks it, with Argo CD's own code. It reads requests from standard input, one JSON
// object a line, and answers each with one. The folder with the servers' sockets is in ARGOCD_PLUGINSOCKFILEPATH, as for Argo CD.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/app/discovery"
	"github.com/argoproj/argo-cd/v3/util/cmp"
	"github.com/argoproj/argo-cd/v3/util/git"
	utilio "github.com/argoproj/argo-cd/v3/util/io"
	grpc_retry "github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/api/resource"
)

// request is what an Application says, and where its repository is.
type request struct {
	// Ask is "manifests" or "parameters".
	Ask         string `json:"ask"`
	Repository  string `json:"repository"`
	Application struct {
		Metadata struct {
			Name        string            `json:"name"`
			Annotations map[string]string `json:"annotations"`
		} `json:"metadata"`
		Spec v1alpha1.ApplicationSpec `json:"spec"`
	} `json:"application"`
	// UseManifestGeneratePaths is the option of the repo-server of that name.
	UseManifestGeneratePaths bool `json:"useManifestGeneratePaths"`
	// Timeout is that of the repo-server's client, in seconds.
	Timeout int `json:"timeout"`
}

type answer struct {
	Manifests  []string `json:"manifests,omitempty"`
	SourceType string   `json:"sourceType,omitempty"`
	Parameters any      `json:"parameters,omitempty"`
	Error      string   `json:"error,omitempty"`
	// Milliseconds is how long it took.
	Milliseconds int64 `json:"milliseconds"`
}

func main() {
	log.SetOutput(os.Stderr)
	log.SetLevel(log.ErrorLevel)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		start := time.Now()
		found, err := ask(lines.Bytes())
		if err != nil {
			found.Error = err.Error()
		}
		found.Milliseconds = time.Since(start).Milliseconds()
		if err := output.Encode(found); err != nil {
			panic(err)
		}
	}
}

func ask(line []byte) (answer, error) {
	var q request
	if err := json.Unmarshal(line, &q); err != nil {
		return answer{}, err
	}
	timeout := 60 * time.Second
	if q.Timeout > 0 {
		timeout = time.Duration(q.Timeout) * time.Second
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	switch q.Ask {
	case "manifests":
		return manifests(ctx, q)
	case "parameters":
		return parameters(ctx, q)
	default:
		return answer{}, fmt.Errorf("unknown question %q", q.Ask)
	}
}

// manifests is what the repo-server does to render an Application (reposerver/repository, GenerateManifests).
func manifests(ctx context.Context, q request) (answer, error) {
	spec := q.Application.Spec
	done := make(chan bool, 1)
	found, err := repository.GenerateManifests(ctx, filepath.Join(q.Repository, spec.Source.Path), q.Repository, "0123456789abcdef",
		&apiclient.ManifestRequest{
			Repo:                            &v1alpha1.Repository{Repo: spec.Source.RepoURL},
			AppName:                         q.Application.Metadata.Name,
			Namespace:                       spec.Destination.Namespace,
			ProjectName:                     spec.Project,
			ApplicationSource:               spec.Source,
			AnnotationManifestGeneratePaths: q.Application.Metadata.Annotations[v1alpha1.AnnotationKeyManifestGeneratePaths],
			KubeVersion:                     "1.34.0",
		},
		false, git.NoopCredsStore{}, resource.MustParse("100Mi"), utilio.NewRandomizedTempPaths(os.TempDir()),
		repository.WithCMPTarDoneChannel(done), repository.WithCMPUseManifestGeneratePaths(q.UseManifestGeneratePaths))
	if err != nil {
		return answer{}, err
	}
	return answer{Manifests: found.Manifests, SourceType: found.SourceType}, nil
}

// parameters is what the repo-server does to tell of an Application (reposerver/repository, populatePluginAppDetails).
func parameters(ctx context.Context, q request) (answer, error) {
	source := q.Application.Spec.Source
	name := ""
	if source.Plugin != nil {
		name = source.Plugin.Name
	}
	env := []string{
		"ARGOCD_APP_NAME=" + q.Application.Metadata.Name,
		"ARGOCD_APP_SOURCE_REPO_URL=" + source.RepoURL,
		"ARGOCD_APP_SOURCE_PATH=" + source.Path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION=" + source.TargetRevision,
		"ARGOCD_APP_PARAMETERS=[]",
	}
	path := filepath.Join(q.Repository, source.Path)
	conn, client, err := discovery.DetectConfigManagementPlugin(ctx, path, q.Repository, name, env, nil)
	if err != nil {
		return answer{}, err
	}
	defer utilio.Close(conn)
	stream, err := client.GetParametersAnnouncement(ctx, grpc_retry.Disable())
	if err != nil {
		return answer{}, err
	}
	if err := cmp.SendRepoStream(stream.Context(), path, q.Repository, stream, env, nil); err != nil {
		return answer{}, err
	}
	announced, err := stream.CloseAndRecv()
	if err != nil {
		return answer{}, err
	}
	return answer{Parameters: announced.ParameterAnnouncements}, nil
}
