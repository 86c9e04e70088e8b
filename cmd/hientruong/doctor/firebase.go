// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"os"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/messaging"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
	"google.golang.org/api/option"
)

// serviceAccount is what of a key file can be judged without the network.
type serviceAccount struct {
	Type       string `json:"type"`
	ProjectID  string `json:"project_id"`
	Email      string `json:"client_email"`
	PrivateKey string `json:"private_key"`
	TokenURI   string `json:"token_uri"`
}

func (a serviceAccount) check(project string) error {
	block, _ := pem.Decode([]byte(a.PrivateKey))
	switch {
	case a.Type != "service_account":
		return errors.New("its type is not service_account")
	case a.Email == "" || a.TokenURI == "":
		return errors.New("client_email or token_uri is missing")
	case block == nil:
		return errors.New("private_key is no PEM")
	case a.ProjectID != project:
		return errors.New("its project is not HIENTRUONG_FIREBASE_PROJECT")
	}
	return nil
}

// firebase looks at the credentials without asking anybody.
func (e *exam) firebase(context.Context) {
	const about, do = "Firebase", "download the service account's key anew and set HIENTRUONG_FIREBASE_CREDENTIALS"
	if e.FirebaseProject == "" {
		e.skip(about, "not set: messages stay in the app's inbox")
		return
	}
	content, err := os.ReadFile(e.FirebaseCredentials)
	if err != nil {
		e.bad(about, do, "%s", plain(err))
		return
	}
	var account serviceAccount
	if err := json.Unmarshal(content, &account); err != nil {
		e.bad(about, do, "%s is no JSON", e.FirebaseCredentials)
		return
	}
	if err := account.check(e.FirebaseProject); err != nil {
		e.bad(about, do, "%s: %s", e.FirebaseCredentials, plain(err))
		return
	}
	e.good(about, "the credentials are a service account of %s", e.FirebaseProject)
}

const messagingScope = "https://www.googleapis.com/auth/firebase.messaging"

// push has Firebase check a message to one device, and deliver it to nobody.
func (e *exam) push(ctx context.Context) {
	const about = "push"
	if e.PushTo == "" {
		e.skip(about, "not tried: --push TOKEN of a device tries one that is delivered to nobody")
		return
	}
	if e.FirebaseProject == "" {
		e.bad(about, "set HIENTRUONG_FIREBASE_PROJECT and HIENTRUONG_FIREBASE_CREDENTIALS", "there is no Firebase to push through")
		return
	}
	err := e.dryRun(ctx)
	switch {
	case messaging.IsUnregistered(err):
		e.bad(about, "take the token of an app that is installed", "Firebase does not know this device")
	case err != nil:
		e.bad(about, "look at the network, the project and the credentials", "%s", plain(err))
	default:
		e.good(about, "Firebase would deliver to this device")
	}
}

func (e *exam) dryRun(ctx context.Context) error {
	key, err := os.ReadFile(e.FirebaseCredentials)
	if err != nil {
		return err
	}
	account, err := google.JWTConfigFromJSON(key, messagingScope)
	if err != nil {
		return errors.New("the credentials hold no service account")
	}
	client := &http.Client{Transport: &oauth2.Transport{Source: account.TokenSource(ctx)}, Timeout: patience}
	options := []option.ClientOption{option.WithHTTPClient(client)}
	if e.FirebaseEndpoint != "" {
		options = append(options, option.WithEndpoint(e.FirebaseEndpoint))
	}
	app, err := firebase.NewApp(ctx, &firebase.Config{ProjectID: e.FirebaseProject}, options...)
	if err != nil {
		return err
	}
	sender, err := app.Messaging(ctx)
	if err != nil {
		return err
	}
	_, err = sender.SendDryRun(ctx, &messaging.Message{Token: e.PushTo, Notification: &messaging.Notification{Title: "Hiện Trường", Body: "Thử"}})
	return err
}
