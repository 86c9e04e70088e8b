// SPDX-License-Identifier: Apache-2.0

package identity

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"hientruong/models"
)

// Errors of keys and of what they seal.
var (
	ErrKeyFile    = errors.New("identity: key file")
	ErrUnknownKey = errors.New("identity: sealed with a key that the key file does not hold")
	ErrSealed     = errors.New("identity: sealed data is damaged or belongs elsewhere")
)

// keyBytes is the length of every key.
const keyBytes = 32

// KeyRing seals with the current key, opens with every key it holds, and makes blind
// indexes. It is safe for concurrent use and never changes.
type KeyRing struct {
	current string
	ciphers map[string]cipher.AEAD
	phone   []byte
	last4   []byte
	otp     []byte
	other   []byte
}

// newKeyRing makes a ring of keys by their ids, and of the key that indexes derive from.
func newKeyRing(current string, keys map[string][]byte, index []byte) (*KeyRing, error) {
	k := &KeyRing{current: current, ciphers: make(map[string]cipher.AEAD, len(keys))}
	for id, key := range keys {
		aead, err := newCipher(key)
		if err != nil {
			return nil, fmt.Errorf("%w: key %q: %w", ErrKeyFile, id, err)
		}
		k.ciphers[id] = aead
	}
	if _, ok := k.ciphers[current]; !ok {
		return nil, fmt.Errorf("%w: the current key %q is not among the keys", ErrKeyFile, current)
	}
	// A key of its own for each index, so that equal values of two kinds look unlike.
	for label, into := range map[string]*[]byte{"phone": &k.phone, "last4": &k.last4, "otp": &k.otp, "other": &k.other} {
		derived, err := hkdf.Key(sha256.New, index, nil, "hientruong index "+label, keyBytes)
		if err != nil {
			return nil, fmt.Errorf("%w: index: %w", ErrKeyFile, err)
		}
		*into = derived
	}
	return k, nil
}

func newCipher(key []byte) (cipher.AEAD, error) {
	if len(key) != keyBytes {
		return nil, fmt.Errorf("%d bytes, %d are needed", len(key), keyBytes)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Current returns the id of the key that seals.
func (k *KeyRing) Current() string { return k.current }

// Knows says whether the ring can open what the key sealed.
func (k *KeyRing) Knows(keyID string) bool { return k.ciphers[keyID] != nil }

// Check returns ErrUnknownKey when the database holds what a key sealed that the ring
// does not have, as after a key file was lost and made anew. For every start, before
// more is sealed: then the old file may still be found.
func (k *KeyRing) Check(ctx context.Context, db *gorm.DB, jurisdiction int32) error {
	ids, err := models.SealingKeys(ctx, db, jurisdiction)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !k.Knows(id) {
			return fmt.Errorf("%w: %q", ErrUnknownKey, id)
		}
	}
	return nil
}

// Seal encrypts with AES-256-GCM and a random nonce. aad names where the sealed bytes
// belong; they open with the same aad only, so that nobody can move them to another row.
func (k *KeyRing) Seal(plain, aad []byte) (keyID string, sealed []byte) {
	return k.current, k.ciphers[k.current].Seal(nil, nil, plain, aad) //nolint:gosec // the cipher draws the nonce itself
}

// Open decrypts what Seal made, with the key it was made with. Errors: ErrUnknownKey,
// ErrSealed.
func (k *KeyRing) Open(keyID string, sealed, aad []byte) ([]byte, error) {
	aead, ok := k.ciphers[keyID]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrUnknownKey, keyID)
	}
	plain, err := aead.Open(nil, nil, sealed, aad)
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// PhoneIndex is the blind index of an E.164 number: HMAC-SHA256, 32 bytes.
func (k *KeyRing) PhoneIndex(e164 string) []byte { return mac(k.phone, []byte(e164)) }

// Last4Index is the blind index of a number's last four digits within one report: equal
// digits of two reports look unlike.
func (k *KeyRing) Last4Index(reportID uuid.UUID, last4 string) []byte {
	return mac(k.last4, reportID[:], []byte(last4))
}

// MAC authenticates data for one purpose: HMAC-SHA256, 32 bytes. Purpose is a constant of
// the caller's, and what is made for one is no good for another.
func (k *KeyRing) MAC(purpose string, data []byte) []byte {
	return mac(mac(k.other, []byte(purpose)), data)
}

// otpHash is what is kept of a code that was sent.
func (k *KeyRing) otpHash(phoneIndex []byte, code string) []byte {
	return mac(k.otp, phoneIndex, []byte(code))
}

// mac is the HMAC-SHA256 of parts of which all but the last have a fixed length.
func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}
