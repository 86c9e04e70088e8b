// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"hientruong/ledger"
	"hientruong/models"
)

// Doer carries out intents: a ledger.Ledger.
type Doer interface {
	Do(ctx context.Context, intent models.Intent) (ledger.Outcome, error)
}

// Config is what a Service needs. Gorm, Ledger and Keys must be set.
type Config struct {
	Gorm    *gorm.DB // of the primary: a replica may not know yet that a token was revoked
	Ledger  Doer
	Keys    *KeyRing
	Sender  Sender           // nil: phone codes are refused with CodeUnavailable
	Limiter *Limiter         // nil: one with Rates
	Now     func() time.Time // nil: time.Now
	Logger  *slog.Logger     // nil: nothing is logged
}

// Service signs callers in and says who they are. It is safe for concurrent use.
type Service struct {
	db      *gorm.DB
	ledger  Doer
	keys    *KeyRing
	sender  Sender
	limiter *Limiter
	now     func() time.Time
	logger  *slog.Logger
	cache   *actorCache
	hasher  *hasher
}

// New makes a Service. The error is one of hashing the password that unknown log-ins
// are compared with.
func New(c Config) (*Service, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Limiter == nil {
		c.Limiter = NewLimiter(Rates(), c.Now)
	}
	if c.Sender == nil {
		c.Sender = noSender{}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	h, err := newHasher()
	if err != nil {
		return nil, err
	}
	return &Service{
		db: c.Gorm, ledger: c.Ledger, keys: c.Keys, sender: c.Sender, limiter: c.Limiter, logger: c.Logger, hasher: h, cache: newActorCache(),
		// PostgreSQL keeps microseconds; a finer time would differ once it was read back.
		now: func() time.Time { return c.Now().UTC().Truncate(time.Microsecond) },
	}, nil
}

// Limiter returns the limiter, for the lanes that handlers count in.
func (s *Service) Limiter() *Limiter { return s.limiter }

// Keys returns the key ring.
func (s *Service) Keys() *KeyRing { return s.keys }
