// SPDX-License-Identifier: Apache-2.0

package handlers

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hientruong/models"
	"hientruong/views"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

func (s *Server) packRoutes() {
	const who = "For the operations centre, leaders, auditors and administrators."
	register(s, staffOnly(get("/api/v1/admin/packs", "admin-pack-list", "Versions of the rules, newest first"), who), s.listPacks)
	register(s, staffOnly(get("/api/v1/admin/packs/{number}", "admin-pack-get", "One version of the rules"),
		who+" Its categories, units, workflows with their pictures, and the rules of routing."), s.getPack)
	picture := staffOnly(get("/api/v1/admin/packs/{number}/workflows/{name}.mmd", "admin-pack-workflow", "The picture of a workflow"), who+" As Mermaid text, in the caller's language.")
	picture.Responses = textResponse("text/vnd.mermaid", "Mermaid text.")
	register(s, picture, s.drawWorkflow)
	schema := staffOnly(get("/api/v1/admin/packs/{number}/schemas/{file}", "admin-pack-schema", "The JSON Schema of one of a pack's files"),
		who+" Such as units.schema.json; for editors that complete and check what is written.")
	schema.Responses = textResponse("application/schema+json", "A JSON Schema, 2020-12.")
	register(s, schema, s.getSchema)
}

// textResponse describes an answer that is no JSON.
func textResponse(kind, description string) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {
		Description: description, Content: map[string]*huma.MediaType{kind: {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
}

// packBody is one applied version of the rules.
type packBody struct {
	Number      int32     `json:"number"`
	EffectiveAt time.Time `json:"effective_at"`
	Document    string    `json:"document,omitempty" doc:"The legal document's number."`
	AppliedAt   time.Time `json:"applied_at"`
	AppliedBy   string    `json:"applied_by" doc:"By kind and id."`
	Digest      string    `json:"digest" doc:"SHA-256 over its files, in hexadecimal."`
	InForce     bool      `json:"in_force"`
}

type packsOutput struct{ Body page[packBody] }

func (s *Server) listPacks(ctx context.Context, _ *struct{}) (*packsOutput, error) {
	c := callOf(ctx)
	all, err := models.ListPackVersions(ctx, s.config.DB, c.actor)
	if err != nil {
		return nil, err
	}
	_, current := s.config.Packs.Load().Current(c.jurisdiction, s.config.Now())
	items := make([]packBody, len(all))
	for i, v := range all {
		items[i] = packBody{
			v.Number, v.EffectiveAt.UTC(), v.Document, v.AppliedAt.UTC(), v.AppliedBy, hex.EncodeToString(v.Digest), v.Number == current,
		}
	}
	return &packsOutput{Body: listOf(items)}, nil
}

// PackRef names a version of the rules.
type PackRef struct {
	Number int64 `path:"number" minimum:"1" maximum:"2147483647"`
}

// version finds a version of the rules for somebody who may read them.
func (s *Server) version(c *call, number int64) (*pack.Pack, error) {
	if err := c.require(models.OpPacksRead); err != nil {
		return nil, err
	}
	p, ok := s.config.Packs.Load().Version(c.jurisdiction, int32(number)) //nolint:gosec // at most what PackRef lets through
	if !ok {
		return nil, models.E(models.CodeNotFound)
	}
	return p, nil
}

type packDetailOutput struct{ Body views.PackDetail }

func (s *Server) getPack(ctx context.Context, in *PackRef) (*packDetailOutput, error) {
	c := callOf(ctx)
	p, err := s.version(c, in.Number)
	if err != nil {
		return nil, err
	}
	return &packDetailOutput{Body: s.assembler(c).PackDetail(int32(in.Number), p, draw)}, nil //nolint:gosec // as above
}

// draw makes the pictures of a workflow.
func draw(w *pack.Workflow, language string) (report, support string) {
	for _, t := range w.Steps() {
		if t.On == pack.OnSupport {
			return workflow.Diagram(w, language), workflow.SupportDiagram(w, language)
		}
	}
	return workflow.Diagram(w, language), ""
}

type workflowInput struct {
	PackRef
	Name string `path:"name" maxLength:"100" example:"thuong"`
}

type schemaInput struct {
	PackRef
	File string `path:"file" maxLength:"100" example:"units.schema.json"`
}

func (s *Server) getSchema(ctx context.Context, in *schemaInput) (*textOutput, error) {
	if _, err := s.version(callOf(ctx), in.Number); err != nil {
		return nil, err
	}
	schema, ok := pack.Schemas()[in.File]
	if !ok {
		return nil, models.E(models.CodeNotFound)
	}
	return &textOutput{ContentType: "application/schema+json", Body: schema}, nil
}

// textOutput is an answer that is no JSON.
type textOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (s *Server) drawWorkflow(ctx context.Context, in *workflowInput) (*textOutput, error) {
	c := callOf(ctx)
	p, err := s.version(c, in.Number)
	if err != nil {
		return nil, err
	}
	w, ok := p.WorkflowNamed(in.Name)
	if !ok {
		return nil, models.E(models.CodeNotFound)
	}
	return &textOutput{ContentType: "text/vnd.mermaid; charset=utf-8", Body: []byte(workflow.Diagram(w, string(c.language)))}, nil
}
