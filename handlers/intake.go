// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hientruong/models"
	"hientruong/workflow/pack"
)

// intake reads a request that may bring photos. Each goes to the store while it is read,
// whatever comes before or after it; drop takes back what nobody came to own.
type intake struct {
	server *Server
	call   *call
	limits pack.Limits
	json   string // the name of the part that holds JSON; "" where there is none
	photo  string // the name of the parts that hold a photo
	most   int    // photos at most

	content []byte // of the JSON part or of a plain JSON body
	kind    models.PhotoKind
	staged  []models.Photo
}

// forms is what a multipart form may hold beside its photos, in bytes.
const forms = maxBody + 64<<10

// read takes the body in, JSON or a form.
func (in *intake) read(f *fiber.Ctx) error {
	if in.call.body == nil {
		return models.E(models.CodeMalformedBody)
	}
	kind, params, err := mime.ParseMediaType(f.Get(fiber.HeaderContentType))
	if err != nil {
		return models.Wrap(models.CodeUnsupportedMedia, err)
	}
	_ = f.Context().Conn().SetReadDeadline(time.Now().Add(in.server.deadline(f)))
	switch {
	case kind == fiber.MIMEApplicationJSON && in.json != "":
		in.content, err = in.call.body.all(maxBody)
		return err
	case kind == fiber.MIMEMultipartForm && params["boundary"] != "":
		return in.form(f.UserContext(), params["boundary"])
	default:
		return models.E(models.CodeUnsupportedMedia)
	}
}

func (in *intake) form(ctx context.Context, boundary string) error {
	all := &bounded{r: in.call.body, left: forms + int64(in.most)*(in.limits.PhotoBytes+4<<10), over: models.E(models.CodeBodyTooLarge)}
	reader := multipart.NewReader(all, boundary)
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return asBroken(err)
		}
		if err := in.part(ctx, part); err != nil {
			return err
		}
	}
}

func (in *intake) part(ctx context.Context, part *multipart.Part) error {
	switch name := part.FormName(); {
	case name == in.photo:
		return in.take(ctx, part)
	case name == in.json && name != "" && in.content == nil:
		content, err := io.ReadAll(&bounded{r: part, left: maxBody, over: models.E(models.CodeBodyTooLarge)})
		in.content = append([]byte{}, content...)
		return err
	case name == "kind":
		content, err := io.ReadAll(&bounded{r: part, left: 64, over: models.Invalid(models.Field("body.kind", models.CodeInvalidValue, nil))})
		if err != nil {
			return err
		}
		in.kind = models.PhotoKind(strings.TrimSpace(string(content)))
		if !in.kind.Valid() {
			return models.Invalid(models.Field("body.kind", models.CodeInvalidValue, nil))
		}
		return nil
	default:
		// The name is the sender's own and is not echoed.
		return models.Invalid(models.Field("body", models.CodeInvalidValue, nil))
	}
}

// take stages one photo.
func (in *intake) take(ctx context.Context, part io.Reader) error {
	if len(in.staged) == in.most {
		return models.Invalid(models.Field("body."+in.photo, models.CodePhotoLimit, models.Params{"max": in.most}))
	}
	large := models.Invalid(models.Field("body."+in.photo, models.CodePhotoTooLarge, nil))
	photo, err := in.server.config.Studio.Take(ctx, in.call.actor, models.PhotoBefore, &bounded{r: part, left: in.limits.PhotoBytes, over: large})
	if err != nil {
		return err
	}
	in.staged = append(in.staged, photo)
	return nil
}

// photos are those that were staged, of the kind that the form named.
func (in *intake) photos() []models.Photo {
	for i := range in.staged {
		if in.kind != "" {
			in.staged[i].Kind = in.kind
		}
	}
	return in.staged
}

// drop takes back what was staged. What it cannot reach now is swept later.
func (in *intake) drop() {
	if len(in.staged) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, photo := range in.staged {
		if err := in.server.config.Studio.Drop(ctx, photo); err != nil {
			in.server.logger.Warn("a staged photo stays until it is swept", "request_id", in.call.id, "photo", photo.ID, "error", err)
		}
	}
	in.staged = nil
}

// bounded gives out so many bytes and then an error. A form that breaks off is the
// sender's fault, and says so.
type bounded struct {
	r    io.Reader
	left int64
	over *models.Error
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		return 0, b.over
	case err == nil || err == io.EOF: // readers are promised the bare io.EOF
		return n, err
	default:
		return n, asBroken(err)
	}
}

// asBroken keeps a domain error and makes every other one that of a broken body.
func asBroken(err error) error {
	var known *models.Error
	if errors.As(err, &known) {
		return known
	}
	return brokenBody(err)
}
