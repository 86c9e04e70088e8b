// SPDX-License-Identifier: Apache-2.0

package live

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"hientruong/models"
	"hientruong/views"
)

// sight is a report as it stood when it was read, and what viewers are told of it: each
// form of it encoded once.
type sight struct {
	pos    int64 // of the newest event that it was read for
	row    *models.Touched
	keys   models.Keys
	leave  frame
	upsert map[form]frame
	make   func(models.Language) views.Assembler
}

// form is how a report is told: in which view, in which language.
type form struct {
	view     models.View
	language models.Language
}

// frame is an event of a stream, without its id, as it is sent.
type frame []byte

// upsertData is what an upsert says. The place is the one that the view knows.
type upsertData struct {
	Pos    int64       `json:"pos"`
	ID     uuid.UUID   `json:"id"`
	Lat    *float64    `json:"lat"`
	Lon    *float64    `json:"lon"`
	Report views.Short `json:"report"`
}

// newSight fails where the report cannot be put into words now, since its pack is not here.
func newSight(pos int64, row *models.Touched, assembler func(models.Language) views.Assembler) (*sight, error) {
	s := &sight{
		pos: pos, row: row, keys: *row.Keys(), upsert: map[form]frame{}, make: assembler,
		leave: frame(fmt.Sprintf("event: leave\ndata: {\"pos\":%d,\"id\":%q}\n\n", pos, row.ID())),
	}
	_, err := s.told(form{models.ViewOperations, models.Vietnamese}, "")
	return s, err
}

// told is the upsert in a form, for one who sees the report in it.
func (s *sight) told(how form, unit string) (frame, error) {
	if made, ok := s.upsert[how]; ok {
		return made, nil
	}
	r, ok := s.row.Seen(how.view, unit)
	if !ok {
		return nil, models.E(models.CodeNotFound)
	}
	short, err := s.make(how.language).Short(how.view, &r)
	if err != nil {
		return nil, err
	}
	data := upsertData{Pos: s.pos, ID: short.ID, Report: short}
	if short.Location != nil {
		data.Lat, data.Lon = &short.Location.Lat, &short.Location.Lon
	}
	text, err := json.Marshal(data)
	if err != nil {
		return nil, models.Wrap(models.CodeInternal, err)
	}
	made := frame(fmt.Sprintf("event: upsert\ndata: %s\n\n", text))
	s.upsert[how] = made
	return made, nil
}
