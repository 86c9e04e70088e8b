// SPDX-License-Identifier: Apache-2.0

package house_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

type composeService struct {
	Image       string
	Build       map[string]string
	Environment map[string]string
	Healthcheck map[string]any
	DependsOn   map[string]map[string]string `yaml:"depends_on"`
	ReadOnly    bool                         `yaml:"read_only"`
}

type composeFile struct {
	Services map[string]composeService
	Volumes  map[string]any
}

func TestComposeIsWhole(t *testing.T) {
	t.Parallel()
	compose := readCompose(t)
	for _, name := range []string{"postgres", "minio", "migrate", "serve", "worker"} {
		service, ok := compose.Services[name]
		if !ok {
			t.Errorf("docker-compose.yml lacks %s", name)
			continue
		}
		if len(service.Healthcheck) == 0 {
			t.Errorf("%s has no health check", name)
		}
		if service.Build == nil && !pinned(service.Image) {
			t.Errorf("%s: image %q is not pinned by its tag", name, service.Image)
		}
		if service.Build != nil && !service.ReadOnly {
			t.Errorf("%s may write to its own image", name)
		}
		for other, how := range service.DependsOn {
			if _, ok := compose.Services[other]; !ok || how["condition"] == "" {
				t.Errorf("%s depends on %q by %q", name, other, how["condition"])
			}
		}
	}
	if got := compose.Services["serve"].Environment["HIENTRUONG_LISTEN"]; got != "0.0.0.0:8080" {
		t.Errorf("serve listens on %q", got)
	}
	if _, told := compose.Services["serve"].Environment["HIENTRUONG_DATABASE_OWNER_URL"]; told {
		t.Error("serve knows the owner's password: only migrate may")
	}
}

var (
	reference = regexp.MustCompile(`\$\{([A-Z0-9_]+)([^}]*)\}`)
	secret    = regexp.MustCompile(`PASSWORD|SECRET|TOKEN|CREDENTIALS`)
)

// A secret comes from outside or the start is refused; it never has a default.
func TestComposeHasNoDefaultSecret(t *testing.T) {
	t.Parallel()
	found := 0
	for name, service := range readCompose(t).Services {
		for variable, value := range service.Environment {
			references := reference.FindAllStringSubmatch(value, -1)
			if secret.MatchString(variable) && len(references) == 0 {
				t.Errorf("%s: the value of %s is written down", name, variable)
			}
			for _, ref := range references {
				if !secret.MatchString(ref[1]) {
					continue
				}
				found++
				if !strings.HasPrefix(ref[2], ":?") {
					t.Errorf("%s: %s may be missing or has a default: %s", name, variable, ref[0])
				}
			}
			if strings.Contains(value, "postgres://") && len(references) == 0 {
				t.Errorf("%s: %s holds a password", name, variable)
			}
		}
	}
	if found < 5 {
		t.Errorf("only %d secrets were looked at", found)
	}
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	var compose composeFile
	if err := yaml.Unmarshal([]byte(readFile(t, "docker-compose.yml")), &compose); err != nil {
		t.Fatal(err)
	}
	return compose
}

// pinned: a tag that says a version, not latest or a bare name.
func pinned(image string) bool {
	_, tag, ok := strings.Cut(image, ":")
	return ok && strings.ContainsAny(tag, "0123456789")
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	text := readFile(t, "Dockerfile")
	stages := []string{"scratch"}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)(?: AS (\S+))?$`).FindAllStringSubmatch(text, -1) {
		if !slices.Contains(stages, from[1]) && !pinned(from[1]) {
			t.Errorf("FROM %s is not pinned by its tag", from[1])
		}
		stages = append(stages, from[2])
	}
	last := text[strings.LastIndex(text, "\nFROM "):]
	for _, want := range []string{"FROM scratch", "\nUSER 65532:65532", "\nHEALTHCHECK "} {
		if !strings.Contains(last, want) {
			t.Errorf("the last stage lacks %q", strings.TrimSpace(want))
		}
	}
	if !strings.Contains(text, "CGO_ENABLED=0 go build") {
		t.Error("the program is not built statically")
	}
	ignored := strings.Fields(readFile(t, ".dockerignore"))
	for _, want := range []string{".git", ".cache", "var", "**/node_modules"} {
		if !slices.Contains(ignored, want) {
			t.Errorf(".dockerignore lacks %s", want)
		}
	}
}
