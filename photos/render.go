// SPDX-License-Identifier: Apache-2.0

package photos

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"github.com/buckket/go-blurhash"
	"golang.org/x/image/webp"
)

// The long edges of the renditions, in pixels, and their JPEG quality. The
// original keeps its size.
const (
	ThumbEdge = 320
	ViewEdge  = 1600

	thumbQuality    = 78
	viewQuality     = 82
	originalQuality = 88
)

// Outputs take the three renditions of a picture, each a JPEG without metadata.
type Outputs struct {
	Thumb, View, Original io.Writer
}

// Picture describes the renditions.
type Picture struct {
	Width, Height int    // of the original, pixels, upright
	Blurhash      string // 4 × 3 components
	Hash          uint64 // dHash: count differing bits to compare
}

// Render makes the renditions of the picture in src, turned as its EXIF says. It
// waits until memory has room for it. The error is a *Refusal when it is the
// picture's fault; else that of src, of an output, or of ctx. After an error the
// outputs hold nothing of use.
func Render(ctx context.Context, src io.ReadSeeker, memory *Memory, limits Limits, out Outputs) (Picture, error) {
	info, err := inspectAgain(src, limits)
	if err != nil {
		return Picture{}, err
	}
	orientation := ReadEvidence(src, info.Kind, time.UTC).Orientation
	release, err := memory.Acquire(ctx, info.memory)
	if err != nil {
		return Picture{}, err
	}
	defer release()

	full, err := decodeUpright(ctx, src, info, orientation)
	if err != nil {
		return Picture{}, err
	}
	picture := Picture{Width: full.Rect.Dx(), Height: full.Rect.Dy()}
	if err := encode(ctx, out.Original, full, originalQuality); err != nil {
		return Picture{}, err
	}
	view := shrink(full, ViewEdge)
	if err := encode(ctx, out.View, view, viewQuality); err != nil {
		return Picture{}, err
	}
	thumb := shrink(view, ThumbEdge)
	if err := encode(ctx, out.Thumb, thumb, thumbQuality); err != nil {
		return Picture{}, err
	}
	picture.Hash = differenceHash(thumb)
	if picture.Blurhash, err = blurhash.Encode(4, 3, thumb); err != nil {
		return Picture{}, fmt.Errorf("photos: blurhash: %w", err)
	}
	return picture, nil
}

// inspectAgain inspects src from its start and leaves it there: what was staged
// may have been staged under other limits.
func inspectAgain(src io.ReadSeeker, limits Limits) (Info, error) {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return Info{}, err
	}
	info, err := Inspect(src, limits)
	if err != nil {
		return Info{}, err
	}
	_, err = src.Seek(0, io.SeekStart)
	return info, err
}

func decodeUpright(ctx context.Context, src io.ReadSeeker, info Info, orientation int) (*image.YCbCr, error) {
	input := &cancellable{ctx: ctx, r: src}
	decoders := map[Kind]decoder{
		JPEG: {jpeg.DecodeConfig, jpeg.Decode},
		PNG:  {png.DecodeConfig, png.Decode},
		WebP: {webp.DecodeConfig, webp.Decode},
	}
	m, err := decoders[info.Kind].decode(src, input, info)
	if input.err != nil {
		return nil, input.err
	}
	if err != nil {
		return nil, err
	}
	return upright(m, orientation), nil
}

type decoder struct {
	config func(io.Reader) (image.Config, error)
	image  func(io.Reader) (image.Image, error)
}

// decode refuses what the decoder refuses or panics at, and what it takes for a
// picture of another size than the one that was inspected.
func (d decoder) decode(src io.Seeker, input io.Reader, info Info) (m image.Image, err error) {
	defer func() {
		if recover() != nil {
			m, err = nil, refuse(Broken, "the decoder of %s panicked", info.Kind)
		}
	}()
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	config, err := d.config(bufio.NewReader(input))
	if err != nil {
		return nil, refusal(err)
	}
	if config.Width != info.Width || config.Height != info.Height {
		return nil, refuse(Broken, "%d × %d pixels are also %d × %d", info.Width, info.Height, config.Width, config.Height)
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if m, err = d.image(bufio.NewReader(input)); err != nil {
		return nil, refusal(err)
	}
	if size := m.Bounds().Size(); size.X != info.Width || size.Y != info.Height {
		return nil, refuse(Broken, "%d × %d pixels decode to %d × %d", info.Width, info.Height, size.X, size.Y)
	}
	return m, nil
}

// refusal turns a decoder's error into ours. Its text may quote the file.
func refusal(err error) error {
	var jpegUnsupported jpeg.UnsupportedError
	var pngUnsupported png.UnsupportedError
	if errors.As(err, &jpegUnsupported) || errors.As(err, &pngUnsupported) {
		return refuse(Unsupported, "the decoder does not know this variant")
	}
	return refuse(Broken, "the decoder found damage")
}

func encode(ctx context.Context, w io.Writer, m *image.YCbCr, quality int) error {
	buffered := bufio.NewWriterSize(&cancellableWriter{ctx: ctx, w: w}, 32<<10)
	if err := jpeg.Encode(buffered, m, &jpeg.Options{Quality: quality}); err != nil {
		return err
	}
	return buffered.Flush()
}

// cancellable ends with ctx, and remembers an error that is not the picture's.
type cancellable struct {
	ctx context.Context
	r   io.Reader
	err error
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		c.err = err
		return 0, err
	}
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

type cancellableWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c *cancellableWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
