// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"errors"
	"sync"
	"time"

	"hientruong/models"
)

// Staleness is how long a node may go on taking a token that another node revoked, or
// know a device or staff member as they were. On the node that revokes it is zero.
const Staleness = 3 * time.Second

// maxCached bounds the cache: 5,000 callers a second for Staleness, with room to spare.
const maxCached = 32_768

// Authenticate says who holds an access token. Errors: CodeTokenExpired for one that ran
// out and can be refreshed, CodeUnauthorized for every other one that is no good. What
// it says may be Staleness old.
func (s *Service) Authenticate(ctx context.Context, jurisdiction int32, token string) (models.Actor, error) {
	if !wellFormed(token, accessPrefix) {
		return models.Actor{}, models.E(models.CodeUnauthorized)
	}
	now := s.now()
	key := cacheKey{jurisdiction, [secretBytes]byte(tokenHash(token))}
	if actor, ok := s.cache.get(key, now); ok {
		return actor, nil
	}
	age := s.cache.age()
	bearer, err := models.BearerOf(ctx, s.db, jurisdiction, key.hash[:])
	if errors.Is(err, models.E(models.CodeNotFound)) {
		return models.Actor{}, models.E(models.CodeUnauthorized)
	}
	if err != nil {
		return models.Actor{}, err
	}
	actor, known := bearer.Actor()
	switch {
	case !known, bearer.Kind != models.TokenAccess, bearer.RevokedAt != nil:
		return models.Actor{}, models.E(models.CodeUnauthorized)
	case !now.Before(bearer.ExpiresAt):
		return models.Actor{}, models.E(models.CodeTokenExpired)
	}
	s.cache.put(key, actor, earlier(now.Add(Staleness), bearer.ExpiresAt), age)
	return actor, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

type cacheKey struct {
	jurisdiction int32
	hash         [secretBytes]byte
}

type cached struct {
	actor models.Actor
	until time.Time
}

// actorCache remembers who holds a token. There are two halves: when the newer is full
// it becomes the older, and what the older held is forgotten, which bounds the memory
// without keeping an order.
type actorCache struct {
	mu           sync.RWMutex
	newer, older map[cacheKey]cached
	cleared      uint64
}

func newActorCache() *actorCache {
	return &actorCache{newer: map[cacheKey]cached{}}
}

func (c *actorCache) get(key cacheKey, now time.Time) (models.Actor, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	found, ok := c.newer[key]
	if !ok {
		found, ok = c.older[key]
	}
	if !ok || !now.Before(found.until) {
		return models.Actor{}, false
	}
	return found.actor, true
}

// age is how often the cache was cleared. What was read from the database before the
// latest clearing may say what is no longer so, and put refuses it.
func (c *actorCache) age() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.cleared
}

func (c *actorCache) put(key cacheKey, actor models.Actor, until time.Time, age uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if age != c.cleared {
		return
	}
	if len(c.newer) >= maxCached/2 {
		c.older, c.newer = c.newer, make(map[cacheKey]cached, maxCached/2)
	}
	c.newer[key] = cached{actor, until}
}

// clear forgets everything: revoking is rare, and asking again is cheap.
func (c *actorCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newer, c.older = map[cacheKey]cached{}, nil
	c.cleared++
}
