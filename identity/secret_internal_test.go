// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func FuzzSecret(f *testing.F) {
	for _, s := range []string{"", "9f86d081884c7d659a2feaa0c55ad015", "n4bQgYhMfWWaL+qgxVrQFQ==", "n4bQgYhMfWWaL-qgxVrQFQ", "====", "\x00\xff", "n4bQ\ngYhM"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, secret string) {
		if secretFault(secret) != "" {
			return
		}
		if len(secret) > maxSecret {
			t.Fatalf("%d characters were taken", len(secret))
		}
		if raw, ok := decodeSecret(secret); !ok || len(raw) < minSecret {
			t.Fatalf("a secret of %d bytes was taken", len(raw))
		}
	})
}

func FuzzWellFormed(f *testing.F) {
	f.Add(newToken(accessPrefix))
	f.Add("hta_")
	f.Add("hta_" + strings.Repeat("A", 43))
	f.Add("hta_" + strings.Repeat("\n", 43))
	f.Fuzz(func(t *testing.T, token string) {
		if !wellFormed(token, accessPrefix) {
			return
		}
		raw, err := base64.RawURLEncoding.DecodeString(token[len(accessPrefix):])
		if err != nil || accessPrefix+base64.RawURLEncoding.EncodeToString(raw) != token {
			t.Fatalf("%q is no token as newToken writes one", token)
		}
	})
}

func TestRandomSecretsAreTaken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := random(rapid.IntRange(minSecret, 64).Draw(t, "bytes"))
		for _, s := range []string{
			hex.EncodeToString(raw), strings.ToUpper(hex.EncodeToString(raw)), base64.StdEncoding.EncodeToString(raw),
			base64.RawStdEncoding.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw),
		} {
			if fault := secretFault(s); fault != "" {
				t.Fatalf("%s: %s", s, fault)
			}
		}
		if token := newToken(accessPrefix); !wellFormed(token, accessPrefix) || wellFormed(token, refreshPrefix) {
			t.Fatalf("%s is not well formed, or more than that", token)
		}
	})
}
