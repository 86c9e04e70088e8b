// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"hientruong/storage"
)

// Settings are what a process can be told, by flag or by variable. What is not set is
// made for one machine: a folder for photos, pushes in the app's inbox only.
type Settings struct {
	Listen           string   `default:"127.0.0.1:8080" help:"Address to serve on."`
	PublicURL        string   `help:"Address that people use, such as https://phananh.example.vn."`
	TrustedProxies   []string `help:"Addresses of proxies whose X-Forwarded-For is believed."`
	Data             string   `default:"./var" help:"Folder for what is kept on this machine."`
	DatabaseURL      string   `help:"The application's address of the database."`
	DatabaseOwnerURL string   `help:"The owner's address of the database, for migrate, backup and restore."`
	KeyFile          string   `help:"JSON of keys that seal what is personal; DATA/keys.json where not set. The same on all nodes."`
	// Their variables are named, because one made of the flag's name would be S_3.
	S3Endpoint       string `name:"s3-endpoint" env:"HIENTRUONG_S3_ENDPOINT" help:"MinIO or any S3, host:port. Without it photos go to DATA/objects."`
	S3PublicEndpoint string `name:"s3-public-endpoint" env:"HIENTRUONG_S3_PUBLIC_ENDPOINT" help:"The same as browsers reach it."`
	S3Region         string `name:"s3-region" env:"HIENTRUONG_S3_REGION" default:"us-east-1" help:"Region."`
	S3TLS            bool   `name:"s3-tls" env:"HIENTRUONG_S3_TLS" help:"Talk TLS to it."`
	S3AccessKey      string `name:"s3-access-key" env:"HIENTRUONG_S3_ACCESS_KEY" help:"Access key."`
	S3SecretKey      string `name:"s3-secret-key" env:"HIENTRUONG_S3_SECRET_KEY" help:"Secret key."`
	S3Bucket         string `name:"s3-bucket" env:"HIENTRUONG_S3_BUCKET" default:"hientruong" help:"Bucket; made if it lacks."`

	FirebaseProject     string `help:"Firebase project; without it pushes stay in the app's inbox."`
	FirebaseCredentials string `help:"File with a service account's key."`
	FirebaseEndpoint    string `help:"Another endpoint than Google's, for tests."`

	MetricsToken string `help:"Bearer token for /metrics; without it only this machine may ask."`
	MaxConns     int    `default:"32" help:"Connections to the database."`
	LogLevel     string `default:"info" help:"debug, info, warn or error."`
}

// check names the first setting that cannot be right.
func (s *Settings) check() error {
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		return fmt.Errorf("HIENTRUONG_LISTEN: %q is not host:port", s.Listen)
	}
	for name, address := range map[string]string{"HIENTRUONG_DATABASE_URL": s.DatabaseURL, "HIENTRUONG_DATABASE_OWNER_URL": s.DatabaseOwnerURL} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "postgres")) {
			// The address holds a password and is not shown.
			return fmt.Errorf("%s: not an address of the form postgres://user:password@host:port/database", name)
		}
	}
	if u, err := url.Parse(s.PublicURL); s.PublicURL != "" && (err != nil || u.Host == "") {
		return fmt.Errorf("HIENTRUONG_PUBLIC_URL: %q is not an address of the form https://host", s.PublicURL)
	}
	if s.S3Endpoint != "" && (s.S3AccessKey == "" || s.S3SecretKey == "") {
		return errors.New("HIENTRUONG_S3_ACCESS_KEY, HIENTRUONG_S3_SECRET_KEY: both are needed with HIENTRUONG_S3_ENDPOINT")
	}
	if (s.FirebaseProject == "") != (s.FirebaseCredentials == "") {
		return errors.New("HIENTRUONG_FIREBASE_PROJECT, HIENTRUONG_FIREBASE_CREDENTIALS: set both or neither")
	}
	if s.FirebaseCredentials != "" {
		if _, err := os.Stat(s.FirebaseCredentials); err != nil {
			return fmt.Errorf("HIENTRUONG_FIREBASE_CREDENTIALS: %w", err)
		}
	}
	return s.checkLimits()
}

// checkLimits looks at what is neither an address nor a secret.
func (s *Settings) checkLimits() error {
	for _, proxy := range s.TrustedProxies {
		_, single := netip.ParseAddr(proxy)
		_, many := netip.ParsePrefix(proxy)
		if single != nil && many != nil {
			return fmt.Errorf("HIENTRUONG_TRUSTED_PROXIES: %q is neither an address nor a range such as 10.0.0.0/8", proxy)
		}
	}
	if s.MaxConns < 8 {
		return fmt.Errorf("HIENTRUONG_MAX_CONNS: %d is too few: 8 or more are needed", s.MaxConns)
	}
	if err := new(slog.Level).UnmarshalText([]byte(s.LogLevel)); err != nil {
		return fmt.Errorf("HIENTRUONG_LOG_LEVEL: %q is none of debug, info, warn, error", s.LogLevel)
	}
	return nil
}

// needDatabase says which variable is missing where a command cannot do without.
func (s *Settings) needDatabase() error {
	if s.DatabaseURL == "" {
		return errors.New("HIENTRUONG_DATABASE_URL is not set (make run brings a PostgreSQL of its own)")
	}
	return nil
}

func (s *Settings) needOwner() error {
	if s.DatabaseOwnerURL == "" {
		return errors.New("HIENTRUONG_DATABASE_OWNER_URL is not set: the owner's address of the database is needed here")
	}
	return nil
}

// keyFile is where the keys are.
func (s *Settings) keyFile() string {
	if s.KeyFile != "" {
		return s.KeyFile
	}
	return filepath.Join(s.Data, "keys.json")
}

// store opens the object store that the settings name.
func (s *Settings) store() (storage.Store, func() error, error) {
	if s.S3Endpoint == "" {
		folder, err := storage.OpenFolder(filepath.Join(s.Data, "objects"))
		if err != nil {
			return nil, nil, fmt.Errorf("HIENTRUONG_DATA: %w", err)
		}
		return folder, folder.Close, nil
	}
	s3, err := storage.NewS3(storage.S3Config{
		Endpoint: s.S3Endpoint, PublicEndpoint: s.S3PublicEndpoint, Region: s.S3Region, TLS: s.S3TLS,
		AccessKey: s.S3AccessKey, SecretKey: s.S3SecretKey, Bucket: s.S3Bucket, CreateBucket: true,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("HIENTRUONG_S3_ENDPOINT: %w", err)
	}
	return s3, s3.Close, nil
}

// logger writes JSON lines to standard error.
func (s *Settings) logger() *slog.Logger { return s.loggerTo(os.Stderr) }

// loggerTo writes JSON lines.
func (s *Settings) loggerTo(w io.Writer) *slog.Logger {
	var level slog.Level
	// checkLimits has checked the name.
	_ = level.UnmarshalText([]byte(s.LogLevel))
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
