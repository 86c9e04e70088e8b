// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	cryptorand "crypto/rand"
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"hientruong/models"
)

// Account is a log-in of the demo, as var/demo-accounts.json has it.
type Account struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Unit     string `json:"unit"`
}

// player is somebody who calls the server: a phone or a member of staff, signed in when
// they first need it and again when that has run out.
type player struct {
	installation string
	language     models.Language
	path         string // to sign in at; "" for a guest
	credentials  any

	mu    sync.Mutex
	token string
	until time.Time
}

// cast is everybody who plays. It is safe for concurrent use.
type cast struct {
	client *client
	mu     sync.Mutex
	phones map[*citizen]*player
	staff  map[Account]*player // by role and unit alone
}

func newCast(c *client, accounts []Account) *cast {
	all := &cast{client: c, phones: map[*citizen]*player{}, staff: map[Account]*player{}}
	for _, a := range accounts {
		all.staff[Account{Role: a.Role, Unit: a.Unit}] = &player{
			installation: uuid.NewString(), language: models.Vietnamese, path: "/api/v1/auth/login",
			credentials: map[string]string{"login": a.Login, "password": a.Password},
		}
	}
	return all
}

// phone is a citizen's. It makes its id and secret itself, anew for each play: a secret
// that follows from a seed is none.
func (c *cast) phone(who *citizen) *player {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := c.phones[who]; ok {
		return p
	}
	id := uuid.NewString()
	p := &player{installation: id, language: who.language}
	if !who.guest {
		var secret [24]byte
		_, _ = cryptorand.Read(secret[:]) // never fails: the program would have ended
		p.path = "/api/v1/auth/device"
		p.credentials = map[string]string{
			"device_id": id, "secret": hex.EncodeToString(secret[:]), "platform": "android", "app_version": "demo", "language": string(who.language),
		}
	}
	c.phones[who] = p
	return p
}

// officer is the member of staff with a role in a unit; nil where there is none.
func (c *cast) officer(role models.Role, unit string) *player {
	return c.staff[Account{Role: string(role), Unit: unit}]
}

// early is how long before a token runs out a new one is fetched.
const early = time.Minute

// as makes a request of a player's, signed in.
func (c *cast) as(ctx context.Context, p *player, method, path string) (request, error) {
	r := request{method: method, path: path, installation: p.installation, language: string(p.language)}
	if p.path == "" {
		return r, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().After(p.until.Add(-early)) {
		signIn, err := request{method: http.MethodPost, path: p.path, installation: p.installation, language: string(p.language)}.withJSON(p.credentials)
		if err != nil {
			return r, err
		}
		var grant struct {
			Token     string    `json:"token"`
			ExpiresAt time.Time `json:"expires_at"`
		}
		if _, err := c.client.call(ctx, signIn, &grant); err != nil {
			return r, err
		}
		p.token, p.until = grant.Token, grant.ExpiresAt
	}
	r.token = p.token
	return r, nil
}
