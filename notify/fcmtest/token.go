// SPDX-License-Identifier: Apache-2.0

package fcmtest

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	account   = "pusher@" + Project + ".iam.gserviceaccount.com"
	keyID     = "fcmtest-key"
	grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	tokenLife = time.Hour
)

// Credentials is the JSON of a service account that this server takes.
func (s *Server) Credentials() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(s.key)
	if err != nil {
		panic("fcmtest: key does not marshal: " + err.Error())
	}
	text, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": Project, "private_key_id": keyID,
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": account, "client_id": "1", "token_uri": s.tokenURI(),
	})
	if err != nil {
		panic("fcmtest: credentials do not marshal: " + err.Error())
	}
	return text
}

func (s *Server) tokenURI() string { return s.url + "/token" }

// Expire makes every bearer that was issued worthless.
func (s *Server) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// issue gives a bearer for an assertion that the account's key signed.
func (s *Server) issue(w http.ResponseWriter, r *http.Request) {
	if err := s.checkGrant(r); err != nil {
		s.fault("token: " + err.Error())
		answer(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": err.Error()})
		return
	}
	bearer := rand.Text()
	s.mu.Lock()
	s.tokens[bearer] = time.Now().Add(tokenLife)
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"access_token": bearer, "token_type": "Bearer", "expires_in": int(tokenLife / time.Second)})
}

type grant struct {
	Scope string `json:"scope"`
	jwt.RegisteredClaims
}

func (s *Server) checkGrant(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	if r.PostForm.Get("grant_type") != grantType {
		return errors.New("grant_type is not the bearer of a JWT")
	}
	var claims grant
	parsed, err := jwt.ParseWithClaims(r.PostForm.Get("assertion"), &claims,
		func(*jwt.Token) (any, error) { return &s.key.PublicKey, nil },
		jwt.WithValidMethods([]string{"RS256"}), jwt.WithIssuer(account), jwt.WithAudience(s.tokenURI()),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(time.Minute))
	if err != nil {
		return err
	}
	if parsed.Header["kid"] != keyID {
		return fmt.Errorf("the key is called %v", parsed.Header["kid"])
	}
	if claims.IssuedAt == nil || claims.ExpiresAt.Sub(claims.IssuedAt.Time) > tokenLife {
		return errors.New("the assertion lives longer than an hour")
	}
	scopes := strings.Fields(claims.Scope)
	if !slices.Contains(scopes, "https://www.googleapis.com/auth/firebase.messaging") && !slices.Contains(scopes, "https://www.googleapis.com/auth/cloud-platform") {
		return fmt.Errorf("the scope %q does not reach messaging", claims.Scope)
	}
	return nil
}
