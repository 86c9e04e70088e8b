// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hientruong/photos"
)

const photosPath = "/api/v1/photos"

// Signed addresses are made for whole steps of time, so that a page that is loaded twice
// finds its pictures in the browser's cache.
const (
	signedStep = 5 * time.Minute
	signedFor  = 15 * time.Minute
)

// PhotoURL is where a rendition of a photo is read, by who may. With sign anybody who has
// the address may, for 15 to 20 minutes: for views whose reader an <img> cannot name.
func (s *Server) PhotoURL(jurisdiction int32, id uuid.UUID, size photos.Size, sign bool) string {
	path := photosPath + "/" + id.String() + "?size=" + string(size)
	if !sign {
		return path
	}
	until := s.config.Now().Truncate(signedStep).Add(signedStep + signedFor).Unix()
	return fmt.Sprintf("%s&exp=%d&sig=%s", path, until, s.signature(jurisdiction, id, size, until))
}

// signature is over everything that the address says.
func (s *Server) signature(jurisdiction int32, id uuid.UUID, size photos.Size, until int64) string {
	signed := s.config.Identity.Keys().MAC("photo url", fmt.Appendf(nil, "%d|%s|%s|%d", jurisdiction, id, size, until))
	return base64.RawURLEncoding.EncodeToString(signed)
}

// signedRight says whether an address is one of ours and still good.
func (s *Server) signedRight(jurisdiction int32, id uuid.UUID, size photos.Size, exp, sig string) bool {
	until, err := strconv.ParseInt(exp, 10, 64)
	if err != nil || s.config.Now().Unix() > until {
		return false
	}
	return hmac.Equal([]byte(sig), []byte(s.signature(jurisdiction, id, size, until)))
}
