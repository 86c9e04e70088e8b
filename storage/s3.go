// SPDX-License-Identifier: Apache-2.0

package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

const (
	// partSize is what an upload of unknown size is buffered by, in bytes. S3
	// allows no less.
	partSize = 5 << 20
	// defaultRegion is what MinIO calls itself unless told otherwise. Naming a
	// region spares a question to the server.
	defaultRegion = "us-east-1"
	// defaultTimeout bounds each silence of the server.
	defaultTimeout = 10 * time.Second
	// attempts bounds how often a request is sent in all.
	attempts = 3
)

// S3Config says where an S3 store is and how to reach it.
type S3Config struct {
	Endpoint       string        // host:port, or a URL of which the scheme decides over TLS
	PublicEndpoint string        // the same as the public reaches it, for SignedURL; "" means Endpoint
	Region         string        // "" means us-east-1
	TLS            bool          // speak TLS, where the endpoint is no URL
	AccessKey      string        //
	SecretKey      string        //
	Bucket         string        //
	CreateBucket   bool          // make the bucket when it lacks
	Timeout        time.Duration // of each silence of the server, not of a whole transfer; 0 means 10 s
}

// S3 is a Store in a bucket of MinIO or another S3.
type S3 struct {
	config S3Config
	client minio.Core
	public *minio.Client
	http   *http.Transport
}

// NewS3 prepares a store; it does not reach out to the server, so that a program
// can start while its store is down. Ping tells whether the store serves.
func NewS3(config S3Config) (*S3, error) {
	if config.Bucket == "" {
		return nil, errors.New("storage: S3 bucket is not set")
	}
	if config.Region == "" {
		config.Region = defaultRegion
	}
	if config.Timeout <= 0 {
		config.Timeout = defaultTimeout
	}
	if config.PublicEndpoint == "" {
		config.PublicEndpoint = config.Endpoint
	}
	transport := newTransport(config.Timeout)
	client, err := newClient(config, config.Endpoint, transport)
	if err != nil {
		return nil, err
	}
	public, err := newClient(config, config.PublicEndpoint, transport)
	if err != nil {
		return nil, err
	}
	return &S3{config: config, client: minio.Core{Client: client}, public: public, http: transport}, nil
}

func newClient(config S3Config, endpoint string, transport http.RoundTripper) (*minio.Client, error) {
	secure := config.TLS
	if strings.Contains(endpoint, "://") {
		u, err := url.Parse(endpoint)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" {
			return nil, fmt.Errorf("storage: S3 endpoint %q is neither host:port nor http(s)://host:port", endpoint)
		}
		secure, endpoint = u.Scheme == "https", u.Host
	}
	client, err := minio.New(endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(config.AccessKey, config.SecretKey, ""),
		Secure:     secure,
		Region:     config.Region,
		Transport:  transport,
		MaxRetries: attempts,
	})
	if err != nil {
		return nil, fmt.Errorf("storage: S3 endpoint %q: %w", endpoint, err)
	}
	return client, nil
}

// Close ends idle connections.
func (s *S3) Close() error {
	s.http.CloseIdleConnections()
	return nil
}

// Put implements Store. A file, or whatever else can seek and read at an offset,
// is sent again when the first try fails; any other reader is sent once.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	options := minio.PutObjectOptions{ContentType: ContentType(key), NumThreads: 1, PartSize: partSize}
	// A known size goes out in one request, straight from r.
	options.DisableMultipart = size >= 0

	if again, err := rewindable(r, size); err != nil {
		return err
	} else if again != nil {
		_, err := s.client.Client.PutObject(ctx, s.config.Bucket, key, again, size, options)
		return s3Error(ctx, err)
	}
	src := newSource(ctx, r, size)
	_, err := s.client.Client.PutObject(ctx, s.config.Bucket, key, src, size, options)
	if err != nil && src.err != nil {
		return src.err
	}
	return s3Error(ctx, err)
}

// rewindable returns size bytes of r as a reader that can start anew, or nil
// where r cannot.
func rewindable(r io.Reader, size int64) (io.ReadSeeker, error) {
	if size == 0 {
		return bytes.NewReader(nil), nil
	}
	at, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	})
	if !ok || size < 0 {
		return nil, nil
	}
	from, err := at.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	end, err := at.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if end-from < size {
		return nil, ErrShort
	}
	if _, err := at.Seek(from+size, io.SeekStart); err != nil {
		return nil, err
	}
	return io.NewSectionReader(at, from, size), nil
}

// Open implements Store.
func (s *S3) Open(ctx context.Context, key string) (*Object, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	body, info, _, err := s.client.GetObject(ctx, s.config.Bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, s3Error(ctx, err)
	}
	return &Object{
		Info:       Info{Key: key, Size: info.Size, ModTime: info.LastModified},
		ReadCloser: &download{ctx: ctx, body: body},
	}, nil
}

// Delete implements Store.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	err := s3Error(ctx, s.client.RemoveObject(ctx, s.config.Bucket, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotFound) {
		return nil // MinIO does not mind, some others do.
	}
	return err
}

// List implements Store.
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkPrefix(prefix); err != nil {
			yield(Info{}, err)
			return
		}
		options := minio.ListObjectsOptions{Prefix: prefix, Recursive: true}
		for object := range s.client.ListObjectsIter(ctx, s.config.Bucket, options) {
			if object.Err != nil {
				yield(Info{}, s3Error(ctx, object.Err))
				return
			}
			if CheckKey(object.Key) != nil {
				continue // Not of ours.
			}
			if !yield(Info{Key: object.Key, Size: object.Size, ModTime: object.LastModified}, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Info{}, err)
		}
	}
}

// Ping implements Store. Where CreateBucket is set it makes a missing bucket, so
// a store that was down when the program started heals by itself.
func (s *S3) Ping(ctx context.Context) error {
	there, err := s.client.BucketExists(ctx, s.config.Bucket)
	if err != nil {
		return s3Error(ctx, err)
	}
	if there {
		return nil
	}
	if !s.config.CreateBucket {
		return fmt.Errorf("%w: bucket %q does not exist", ErrUnavailable, s.config.Bucket)
	}
	err = s.client.MakeBucket(ctx, s.config.Bucket, minio.MakeBucketOptions{Region: s.config.Region})
	switch minio.ToErrorResponse(err).Code {
	case "BucketAlreadyOwnedByYou", "BucketAlreadyExists":
		return nil // Another node was faster.
	}
	return s3Error(ctx, err)
}

// SignedURL implements Store: a URL at the public endpoint. ttl is at least a
// second and at most seven days.
func (s *S3) SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error) {
	if err := CheckKey(key); err != nil {
		return "", err
	}
	u, err := s.public.PresignedGetObject(ctx, s.config.Bucket, key, ttl, nil)
	if err != nil {
		return "", fmt.Errorf("storage: sign URL: %w", err)
	}
	return u.String(), nil
}
