// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/words"
)

// WithKey is embedded in the input of every POST that changes something. What is embedded
// must have an exported name, or Huma does not see it.
type WithKey struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"A UUID of the caller's own. A second try with the same key and body is answered alike and done once."`
	InstallationID string `header:"Installation-Id" doc:"A UUID that the client makes once and keeps; keys are its own."`
}

// key reads the headers. CodeIdempotencyMissing, CodeIdempotencyInvalid.
func (w WithKey) key(mark [32]byte) (*models.IdempotencyKey, error) {
	return idempotencyKey(w.IdempotencyKey, w.InstallationID, mark)
}

// Repeated is embedded in the output of a call with a key.
type Repeated struct {
	Replayed string `header:"Idempotency-Replayed" doc:"true where an earlier request with the same key did it."`
}

func repeated(replayed bool) Repeated {
	if !replayed {
		return Repeated{}
	}
	return Repeated{Replayed: "true"}
}

func idempotencyKey(key, installation string, mark [32]byte) (*models.IdempotencyKey, error) {
	if key == "" {
		return nil, models.E(models.CodeIdempotencyMissing)
	}
	out := &models.IdempotencyKey{Fingerprint: mark}
	var err error
	if out.Key, err = parseUUID(key); err != nil {
		return nil, models.Wrap(models.CodeIdempotencyInvalid, err)
	}
	if installation != "" {
		if out.Installation, err = parseUUID(installation); err != nil {
			return nil, models.Wrap(models.CodeIdempotencyInvalid, err)
		}
	}
	return out, nil
}

// parseUUID reads a UUID in its usual form alone; the package takes braces and URNs too.
func parseUUID(s string) (uuid.UUID, error) {
	if len(s) != 36 {
		return uuid.Nil, models.E(models.CodeInvalidValue)
	}
	return uuid.Parse(s)
}

// WithVersion is embedded in the input of a step of the workflow.
type WithVersion struct {
	IfMatch string `header:"If-Match" doc:"The version that the caller saw, in quotes. Staff need it." example:"\"3\""`
}

// version reads the header, nil without one. CodeVersionStale for what can be no version.
func (w WithVersion) version() (*int64, error) {
	if w.IfMatch == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(strings.Trim(w.IfMatch, `"`), 10, 64)
	if err != nil || n < 1 {
		return nil, models.Wrap(models.CodeVersionStale, err)
	}
	return &n, nil
}

// mark is the fingerprint of a request as it is kept: under a key that the database does
// not hold. From a bare digest, a number or password could be found by trying them all.
func (s *Server) mark(route string, subject uuid.UUID, fields any, photos ...models.Photo) [32]byte {
	bare := fingerprint(route, subject, fields, photos...)
	return [32]byte(s.config.Identity.Keys().MAC("request", bare[:]))
}

// fingerprint says what a request is: its route, its subject, its fields as they were
// understood, and its photos. Two requests with the same one are the same request.
func fingerprint(route string, subject uuid.UUID, fields any, photos ...models.Photo) [32]byte {
	h := sha256.New()
	h.Write([]byte(route))
	h.Write([]byte{0})
	h.Write(subject[:])
	// What was parsed from JSON marshals; maps come out in the order of their keys.
	if err := json.NewEncoder(h).Encode(fields); err != nil {
		h.Write([]byte(err.Error()))
	}
	for _, p := range photos {
		h.Write(p.SHA256)
		h.Write([]byte(p.Kind))
		h.Write([]byte{0})
	}
	return [32]byte(h.Sum(nil))
}

// draft draws the id and the salt of a text; an empty text is an empty draft.
func draft(text string) models.Draft {
	if text == "" {
		return models.Draft{}
	}
	d := models.Draft{ID: newID(), Body: text}
	_, _ = rand.Read(d.Salt[:]) // never fails: the program would have ended
	return d
}

// newID draws a UUIDv7; its only source of errors, crypto/rand, never fails.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// tidy cleans every string in what v points to: in NFC, without control characters.
func tidy(v any) { tidyValue(reflect.ValueOf(v)) }

func tidyValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			tidyValue(v.Elem())
		}
	case reflect.String:
		if v.CanSet() {
			v.SetString(clean(v.String()))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				tidyValue(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			tidyValue(v.Index(i))
		}
	case reflect.Map:
		tidyMap(v)
	default: // holds no string
	}
}

// clean is words.Clean, quick for what most fields hold: a code of plain letters.
func clean(s string) string {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return words.Clean(s)
		}
	}
	return s
}

// tidyMap cleans the keys and values of a map of strings.
func tidyMap(v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String || v.Type().Elem().Kind() != reflect.String || v.IsNil() {
		return
	}
	tidied := reflect.MakeMapWithSize(v.Type(), v.Len())
	for entry := v.MapRange(); entry.Next(); {
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.SetString(clean(entry.Key().String()))
		value.SetString(clean(entry.Value().String()))
		tidied.SetMapIndex(key, value)
	}
	if v.CanSet() {
		v.Set(tidied)
	}
}
