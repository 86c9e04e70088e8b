// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"hientruong/identity"
	"hientruong/models"
	"hientruong/photos"
	"hientruong/views"
	"hientruong/workflow"
)

// photoRoutes are plain Fiber: pictures stream in and out.
func (s *Server) photoRoutes() {
	s.app.Post(photosPath, s.uploadPhoto)
	upload := post(photosPath, "photo-upload", "Send a photo, to be named by a report later")
	upload.RequestBody = photoForm("photo", &huma.Schema{Type: huma.TypeString, Format: "binary"})
	upload.Responses = s.responses("201", "The photo, staged. A job renders it.", schemaOf[views.Photo](s))
	s.document(upload)

	s.app.Post("/api/v1/reports/:id/photos", s.attachPhotos)
	attach := post("/api/v1/reports/{id}/photos", "report-photos-add", "Add photos to a report")
	attach.Parameters = []*huma.Param{keyParameters()[1], idParameter()}
	attach.RequestBody = photoForm("photos", &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString, Format: "binary"}})
	attach.RequestBody.Content["application/json"] = &huma.MediaType{Schema: schemaOf[Attachment](s)}
	attach.Responses = s.responses("201", "The photos that were added by this call.", schemaOf[PhotoList](s))
	s.document(attach)

	s.app.Get(photosPath+"/:id", s.getPhoto)
	read := get(photosPath+"/{id}", "photo-get", "A rendition of a photo, as JPEG")
	size := &huma.Param{Name: "size", In: "query", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"thumb", "view", "original"}, Default: "view"}}
	read.Parameters = []*huma.Param{idParameter(), size}
	read.Responses = s.responses("200", "The picture, upright and without what a camera writes into it.", nil)
	read.Responses["200"].Content = map[string]*huma.MediaType{"image/jpeg": {}}
	s.document(read)
}

// Attachment names photos that were sent before.
type Attachment struct {
	PhotoIDs []uuid.UUID `json:"photo_ids"`
}

// PhotoList is a list of photos.
type PhotoList struct {
	Items []views.Photo `json:"items"`
}

func idParameter() *huma.Param {
	return &huma.Param{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, Format: "uuid"}}
}

func photoForm(name string, schema *huma.Schema) *huma.RequestBody {
	kind := &huma.Schema{Type: huma.TypeString, Enum: []any{"before", "after", "document"}, Default: "before"}
	form := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{name: schema, "kind": kind}}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: form}}}
}

// photoIntake begins to take photos from a caller who may send any.
func (s *Server) photoIntake(f *fiber.Ctx, c *call, part, json string) (*intake, error) {
	if err := c.require(models.OpPhotoUpload); err != nil {
		return nil, err
	}
	_, p, err := s.packs(c)
	if err != nil {
		return nil, err
	}
	if c.actor.Kind == models.ActorGuest && !p.Settings().GuestReports {
		return nil, models.E(models.CodeUnauthorized)
	}
	if who := callerKey(c.actor, f.Get("Installation-Id")); who != "" && !c.actor.IsStaff() {
		if err := s.config.Identity.Limiter().Take(identity.LanePhoto, who); err != nil {
			return nil, err
		}
	}
	limits := p.Settings().Limits
	return &intake{server: s, call: c, limits: limits, json: json, photo: part, most: limits.Photos}, nil
}

func (s *Server) uploadPhoto(f *fiber.Ctx) error {
	c := callOf(f.UserContext())
	in, err := s.photoIntake(f, c, "photo", "")
	if err != nil {
		return err
	}
	defer in.drop()
	in.most = 1
	if err := in.read(f); err != nil {
		return err
	}
	if len(in.staged) == 0 {
		return models.Invalid(models.Field("body.photo", models.CodeRequired, nil))
	}
	out, err := s.config.Ledger.Do(f.UserContext(), photos.Upload{Photo: in.photos()[0], Actor: c.actor})
	if err != nil {
		s.keepIfUnsure(in, err)
		return err
	}
	in.staged = nil
	_, bundle := written(out.Change)
	answer := s.photoItems(c, bundle.Photos)[0]
	f.Set(fiber.HeaderLocation, photosPath+"/"+answer.ID.String())
	return f.Status(fiber.StatusCreated).JSON(answer)
}

func (s *Server) attachPhotos(f *fiber.Ctx) error {
	c := callOf(f.UserContext())
	id, err := parseUUID(f.Params("id"))
	if err != nil {
		return models.E(models.CodeNotFound)
	}
	// A stranger's photos are not even read.
	facts, err := models.FindFacts(f.UserContext(), s.config.DB, c.actor, id)
	if err != nil {
		return err
	}
	if !workflow.Sees(c.actor, facts) {
		return models.E(models.CodeNotFound)
	}
	in, err := s.photoIntake(f, c, "photos", "report")
	if err != nil {
		return err
	}
	defer in.drop()
	if err := in.read(f); err != nil {
		return err
	}
	intent := workflow.Attach{Packs: s.config.Packs.Load(), Actor: c.actor, ReportID: id, Staged: in.photos()}
	if in.content != nil {
		var named Attachment
		if err := decodeJSON(in.content, &named); err != nil {
			return err
		}
		intent.PhotoIDs = named.PhotoIDs
	}
	if key := f.Get("Idempotency-Key"); key != "" {
		mark := s.mark("/api/v1/reports/{id}/photos", id, intent.PhotoIDs, in.staged...)
		if intent.Key, err = idempotencyKey(key, f.Get("Installation-Id"), mark); err != nil {
			return err
		}
	}
	out, err := s.config.Ledger.Do(f.UserContext(), intent)
	if err != nil {
		s.keepIfUnsure(in, err)
		return err
	}
	return s.attached(f, c, id, in, out.Replayed, out.Change)
}

// attached answers with the photos of this call, or, at a second try, of the report.
func (s *Server) attached(f *fiber.Ctx, c *call, id uuid.UUID, in *intake, replayed bool, change models.Change) error {
	_, bundle := written(change)
	if replayed {
		f.Set("Idempotency-Replayed", "true")
		facts, err := models.FindFacts(f.UserContext(), s.config.DB, c.actor, id)
		if err != nil {
			return err
		}
		bundle.Photos = slices.DeleteFunc(facts.Photos, func(p models.Photo) bool { return p.Owner != c.actor.String() })
	} else {
		in.staged = nil // the ledger's now
	}
	return f.Status(fiber.StatusCreated).JSON(PhotoList{Items: s.photoItems(c, bundle.Photos)})
}

// photoItems describes photos to who sent them.
func (s *Server) photoItems(c *call, all []models.Photo) []views.Photo {
	assembler := s.assembler(c)
	items := make([]views.Photo, len(all))
	for i, p := range all {
		items[i] = assembler.Photo(p, models.ViewOwn)
	}
	return items
}

// getPhoto streams a rendition to whom the report's photos are shown, or who brings an
// address that was signed for them.
func (s *Server) getPhoto(f *fiber.Ctx) error {
	c := callOf(f.UserContext())
	id, err := parseUUID(f.Params("id"))
	if err != nil {
		return models.E(models.CodeNotFound)
	}
	size := photos.Size(f.Query("size", string(photos.SizeView)))
	if size != photos.SizeThumb && size != photos.SizeView && size != photos.SizeOriginal {
		return models.Invalid(models.Field("query.size", models.CodeInvalidValue, nil))
	}
	photo, view, err := s.findPhoto(f, c, id, size)
	if err != nil {
		return err
	}
	tag := fmt.Sprintf(`"%s-%s"`, id, size)
	f.Set(fiber.HeaderETag, tag)
	f.Set(fiber.HeaderCacheControl, "private, max-age=300")
	if view == models.ViewPublic {
		// Not for longer: what is hidden must be gone soon.
		f.Set(fiber.HeaderCacheControl, "public, max-age=300")
	}
	if f.Get(fiber.HeaderIfNoneMatch) == tag && photo.Status == models.PhotoReady {
		return f.SendStatus(fiber.StatusNotModified)
	}
	return s.stream(f, photo, size)
}

func (s *Server) findPhoto(f *fiber.Ctx, c *call, id uuid.UUID, size photos.Size) (models.Photo, models.View, error) {
	if sig := f.Query("sig"); sig != "" {
		if !s.signedRight(c.jurisdiction, id, size, f.Query("exp"), sig) {
			return models.Photo{}, "", models.E(models.CodeNotFound)
		}
		photo, err := models.ProvenPhoto(f.UserContext(), s.config.DB, c.jurisdiction, id)
		return photo, models.ViewOwn, err
	}
	return models.FindPhoto(f.UserContext(), s.config.DB, c.actor, id)
}

// stream sends a rendition as the store gives it out. It goes on after the handler has
// returned, with a deadline of its own.
func (s *Server) stream(f *fiber.Ctx, photo models.Photo, size photos.Size) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.UserContext()), s.config.Deadlines.Upload)
	object, length, err := s.config.Studio.Open(ctx, photo, size)
	if err != nil {
		cancel()
		if models.CodeOf(err) == models.CodeNotFound && photo.Status == models.PhotoPending {
			return models.Wrap(models.CodeNotFound, err).Retry(2 * time.Second)
		}
		return err
	}
	f.Set(fiber.HeaderContentType, "image/jpeg")
	f.Set(fiber.HeaderContentDisposition, "inline")
	f.Context().SetBodyStream(&closing{ReadCloser: object, also: cancel}, int(length))
	return nil
}

// closing lets go of a context when a stream is closed.
type closing struct {
	io.ReadCloser
	also context.CancelFunc
}

// Close implements io.Closer.
func (c *closing) Close() error {
	defer c.also()
	return c.ReadCloser.Close()
}
