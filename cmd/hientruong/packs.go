// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"gorm.io/gorm"

	"hientruong/models"
	"hientruong/workflow"
	"hientruong/workflow/pack"
)

// loadPacks puts every applied version that the holder lacks into it, and the decisions
// about deadlines as they stand.
func loadPacks(ctx context.Context, db *gorm.DB, holder *pack.Holder) error {
	versions, err := models.PackVersions(ctx, db)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if _, ok := holder.Load().Version(v.JurisdictionID, v.Number); ok {
			continue
		}
		p, err := unzipPack(v.Files)
		if err != nil {
			return fmt.Errorf("pack version %d of jurisdiction %d: %w", v.Number, v.JurisdictionID, err)
		}
		effective := v.EffectiveAt
		if v.Number == 1 {
			effective = time.Time{} // what is older, such as an import, has no other
		}
		holder.Add(v.JurisdictionID, v.Number, p, effective)
	}
	return loadDecisions(ctx, db, holder)
}

func unzipPack(files []byte) (*pack.Pack, error) {
	archive, err := zip.NewReader(bytes.NewReader(files), int64(len(files)))
	if err != nil {
		return nil, err
	}
	p, faults := pack.Parse(archive)
	return p, faults.Err()
}

// zipPack makes one file of a pack's files, the same bytes for the same files.
func zipPack(files fs.FS) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if name != "." && err == nil {
				return fs.SkipDir // a pack has no folders: what is in one, such as the schemas for editors, is no rule
			}
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		to, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		_, err = to.Write(content)
		return err
	})
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// readPack parses and checks the files of a pack and returns every fault at once.
func readPack(files fs.FS) (*pack.Pack, error) {
	p, faults := pack.Parse(files)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if err := pack.Check(p).Err(); err != nil {
		return nil, err
	}
	return p, nil
}

// applyPack makes a checked pack the newest version of its jurisdiction, which is made if
// there is none; how says by whom, from when and by which document. The version's number
// is 0 where nothing had to be done.
func (m *Main) applyPack(ctx context.Context, files fs.FS, how workflow.ApplyPack) (models.Jurisdiction, models.PackVersion, error) {
	var made models.PackVersion
	p, err := readPack(files)
	if err != nil {
		return models.Jurisdiction{}, made, err
	}
	if how.Files, err = zipPack(files); err != nil {
		return models.Jurisdiction{}, made, err
	}
	j, err := models.EnsureJurisdiction(ctx, m.db.Gorm, p.ID())
	if err != nil {
		return j, made, err
	}
	if how.Digest = p.Digest(); how.Actor.Kind != models.ActorStaff {
		how.Actor = models.System(j.ID)
	}
	out, err := m.ledger.Do(ctx, how)
	if err != nil {
		return j, made, err
	}
	for _, row := range out.Change.Insert {
		if v, ok := row.(models.PackVersion); ok {
			made = v
		}
	}
	return j, made, loadPacks(ctx, m.db.Gorm, m.packs)
}
