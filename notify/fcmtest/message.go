// SPDX-License-Identifier: Apache-2.0

package fcmtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"regexp"
	"slices"
	"strings"
)

// Message is a message as Firebase takes it, with those of its fields that the server
// knows; any other field is refused.
type Message struct {
	Token        string            `json:"token"`
	Data         map[string]string `json:"data"`
	Notification *Notification     `json:"notification"`
	Android      *Android          `json:"android"`
	APNS         *APNS             `json:"apns"`
}

// Notification is what a phone shows.
type Notification struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Image string `json:"image"`
}

// Android is what only Android phones get.
type Android struct {
	CollapseKey  string               `json:"collapse_key"`
	Priority     string               `json:"priority"`
	TTL          string               `json:"ttl"`
	Data         map[string]string    `json:"data"`
	Notification *AndroidNotification `json:"notification"`
}

// AndroidNotification is how an Android phone shows it.
type AndroidNotification struct {
	Tag         string `json:"tag"`
	ChannelID   string `json:"channel_id"`
	Sound       string `json:"sound"`
	Icon        string `json:"icon"`
	Color       string `json:"color"`
	ClickAction string `json:"click_action"`
}

// APNS is what goes on to Apple's servers.
type APNS struct {
	Headers map[string]string `json:"headers"`
	Payload *APNSPayload      `json:"payload"`
}

// APNSPayload is Apple's part of the payload.
type APNSPayload struct {
	APS struct {
		Alert          json.RawMessage `json:"alert"`
		Sound          string          `json:"sound"`
		Badge          *int            `json:"badge"`
		Category       string          `json:"category"`
		ThreadID       string          `json:"thread-id"`
		MutableContent int             `json:"mutable-content"`
	} `json:"aps"`
}

// The limits of the protocol, in bytes.
const (
	longestPayload  = 4096
	longestCollapse = 64
)

var (
	durationForm = regexp.MustCompile(`^\d+(\.\d{1,9})?s$`)
	secondsForm  = regexp.MustCompile(`^\d+$`)
)

// parse reads a request's body, and refuses what Firebase would refuse.
func parse(contentType string, body []byte) (Message, error) {
	if media, _, err := mime.ParseMediaType(contentType); err != nil || media != "application/json" {
		return Message{}, fmt.Errorf("the content type is %q", contentType)
	}
	var request struct {
		Message      *Message `json:"message"`
		ValidateOnly bool     `json:"validate_only"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		return Message{}, fmt.Errorf("the body: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Message{}, errors.New("the body goes on after the message")
	}
	if request.Message == nil || request.Message.Token == "" {
		return Message{}, errors.New("the message has no token")
	}
	m := *request.Message
	return m, errors.Join(m.checkData(), m.checkSize(), m.checkAndroid(), m.checkAPNS())
}

func (m Message) checkData() error {
	for _, data := range []map[string]string{m.Data, m.android().Data} {
		for key := range data {
			if key == "from" || key == "message_type" || key == "gcm" || strings.HasPrefix(key, "google") || strings.HasPrefix(key, "gcm.") {
				return fmt.Errorf("the data key %q is reserved", key)
			}
		}
	}
	return nil
}

// checkSize counts what a phone gets: data and notification.
func (m Message) checkSize() error {
	size := 0
	for key, value := range m.Data {
		size += len(key) + len(value)
	}
	if n := m.Notification; n != nil {
		size += len(n.Title) + len(n.Body) + len(n.Image)
	}
	if size > longestPayload {
		return fmt.Errorf("the payload has %d bytes", size)
	}
	return nil
}

func (m Message) checkAndroid() error {
	a := m.android()
	switch {
	case len(a.CollapseKey) > longestCollapse:
		return fmt.Errorf("the collapse key has %d bytes", len(a.CollapseKey))
	case !slices.Contains([]string{"", "NORMAL", "HIGH"}, strings.ToUpper(a.Priority)):
		return fmt.Errorf("the priority is %q", a.Priority)
	case a.TTL != "" && !durationForm.MatchString(a.TTL):
		return fmt.Errorf("the lifetime is %q", a.TTL)
	}
	return nil
}

func (m Message) checkAPNS() error {
	if m.APNS == nil {
		return nil
	}
	for name, value := range m.APNS.Headers {
		if !apnsHeader(name, value) {
			return fmt.Errorf("the header %s is %q", name, value)
		}
	}
	return nil
}

func apnsHeader(name, value string) bool {
	switch name {
	case "apns-collapse-id":
		return value != "" && len(value) <= longestCollapse
	case "apns-priority":
		return slices.Contains([]string{"1", "5", "10"}, value)
	case "apns-push-type":
		return slices.Contains([]string{"alert", "background"}, value)
	case "apns-expiration":
		return secondsForm.MatchString(value)
	default:
		return false
	}
}

func (m Message) android() Android {
	if m.Android == nil {
		return Android{}
	}
	return *m.Android
}
