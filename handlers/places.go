// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"hientruong/models"
)

// places knows the jurisdictions. They are few and hardly ever change: what is asked for
// and not known is looked up again, though not more often than every few seconds.
type places struct {
	db  *gorm.DB
	now func() time.Time

	mu     sync.RWMutex
	known  []models.Jurisdiction
	loaded time.Time
}

// reloadAfter is how long an unknown jurisdiction stays unknown.
const reloadAfter = 3 * time.Second

// find returns the jurisdiction that is meant: by the Host, else by the id or code that
// the query names, else the only one there is.
func (p *places) find(ctx context.Context, host, asked string) (int32, error) {
	p.mu.RLock()
	id, ok := choose(p.known, host, asked)
	stale := p.now().Sub(p.loaded) > reloadAfter
	p.mu.RUnlock()
	if ok || !stale {
		return chosen(id, ok)
	}
	known, err := models.Jurisdictions(ctx, p.db)
	if err != nil {
		return 0, err
	}
	p.mu.Lock()
	p.known, p.loaded = known, p.now()
	p.mu.Unlock()
	return chosen(choose(known, host, asked))
}

func chosen(id int32, ok bool) (int32, error) {
	if !ok {
		return 0, models.Invalid(models.Field("query.jurisdiction_id", models.CodeRequired, nil))
	}
	return id, nil
}

func choose(known []models.Jurisdiction, host, asked string) (int32, bool) {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	for _, j := range known {
		if j.Host != nil && strings.EqualFold(*j.Host, host) {
			return j.ID, true
		}
	}
	if asked == "" {
		if len(known) == 1 {
			return known[0].ID, true
		}
		return 0, false
	}
	for _, j := range known {
		if j.Code == asked || strconv.Itoa(int(j.ID)) == asked {
			return j.ID, true
		}
	}
	return 0, false
}
