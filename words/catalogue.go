// SPDX-License-Identifier: Apache-2.0

package words

import (
	"embed"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed messages.*.yaml
var messageFiles embed.FS

// ErrCatalogue is returned (wrapped) for message files that do not fit together.
var ErrCatalogue = errors.New("words: message catalogue")

var placeholderPattern = regexp.MustCompile(`\{([a-z_]+)\}`)

// Catalogue is what the program says to people, by key and language. Keys are
// paths with dots ("problem.not_found.title"). It never changes once loaded and
// is safe for concurrent use.
type Catalogue struct {
	texts map[Language]map[string]string
}

// Load reads the embedded message files. It fails with ErrCatalogue when a key,
// or a placeholder of a key, is there in one language and not in another.
func Load() (*Catalogue, error) {
	sources := map[Language][]byte{}
	for _, l := range Languages() {
		raw, err := messageFiles.ReadFile("messages." + string(l) + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrCatalogue, err)
		}
		sources[l] = raw
	}
	return ParseCatalogue(sources)
}

// ParseCatalogue makes a Catalogue from a YAML file a language: mappings of
// texts, nested as deep as one likes. It fails like Load.
func ParseCatalogue(sources map[Language][]byte) (*Catalogue, error) {
	c := &Catalogue{texts: map[Language]map[string]string{}}
	for l, raw := range sources {
		var tree map[string]any
		if err := yaml.Unmarshal(raw, &tree); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrCatalogue, l, err)
		}
		c.texts[l] = map[string]string{}
		if err := c.add(l, "", tree); err != nil {
			return nil, err
		}
	}
	return c, c.compare()
}

func (c *Catalogue) add(l Language, path string, tree map[string]any) error {
	for name, value := range tree {
		key := strings.TrimPrefix(path+"."+name, ".")
		switch v := value.(type) {
		case string:
			c.texts[l][key] = NFC(strings.TrimSpace(v))
		case map[string]any:
			if err := c.add(l, key, v); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%w: %s: %s is neither a text nor a mapping", ErrCatalogue, l, key)
		}
	}
	return nil
}

// compare holds every language against the default one.
func (c *Catalogue) compare() error {
	for l, texts := range c.texts {
		for _, key := range c.Keys() {
			text, ok := texts[key]
			if !ok || text == "" {
				return fmt.Errorf("%w: %s lacks %s", ErrCatalogue, l, key)
			}
			if got, want := placeholdersOf(text), c.Placeholders(key); !slices.Equal(got, want) {
				return fmt.Errorf("%w: %s: %s has the placeholders %v, want %v", ErrCatalogue, l, key, got, want)
			}
		}
		for key := range texts {
			if !c.Has(key) {
				return fmt.Errorf("%w: only %s has %s", ErrCatalogue, l, key)
			}
		}
	}
	return nil
}

// Has tells whether there is a text for key.
func (c *Catalogue) Has(key string) bool {
	_, ok := c.texts[Vietnamese][key]
	return ok
}

// Keys is every key, ascending.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.texts[Vietnamese])) }

// Placeholders is the names in braces that the text of key has, ascending, each once.
func (c *Catalogue) Placeholders(key string) []string {
	return placeholdersOf(c.texts[Vietnamese][key])
}

func placeholdersOf(text string) []string {
	var names []string
	for _, m := range placeholderPattern.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Text is the text of key with its placeholders filled from params; one that
// params lacks becomes "…". Values are put in as they are and never filled
// again. An unknown language speaks Vietnamese; an unknown key gives the key.
func (c *Catalogue) Text(l Language, key string, params map[string]string) string {
	texts, ok := c.texts[l]
	if !ok {
		texts = c.texts[Vietnamese]
	}
	text, ok := texts[key]
	if !ok {
		return key
	}
	return placeholderPattern.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := params[name[1:len(name)-1]]; ok {
			return value
		}
		return "…"
	})
}

// Problem is the title and detail for a problem's code. An unknown code gets
// the texts of "internal".
func (c *Catalogue) Problem(l Language, code string, params map[string]string) (title, detail string) {
	key := "problem." + code
	if !c.Has(key + ".title") {
		key = "problem.internal"
	}
	return c.Text(l, key+".title", params), c.Text(l, key+".detail", params)
}

// Field is what a field of the interface is called in a sentence; a name
// without words of its own stays as it is.
func (c *Catalogue) Field(l Language, name string) string {
	if key := "field." + name; c.Has(key) {
		return c.Text(l, key, nil)
	}
	return name
}

// Push is the title and body of the notification of a public step (received,
// accepted, …); ok is false when that kind says nothing. It can be read on a
// locked phone: for a sensitive category pass the text of "category_hidden" as {category}.
func (c *Catalogue) Push(l Language, kind string, params map[string]string) (title, body string, ok bool) {
	key := "push." + kind
	if !c.Has(key + ".title") {
		return "", "", false
	}
	return c.Text(l, key+".title", params), c.Text(l, key+".body", params), true
}
