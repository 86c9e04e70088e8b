// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"gorm.io/gorm/schema"

	"hientruong/models"
)

// table knows how to write many rows of one model in one statement, and what to read them by.
type table struct {
	name    string
	columns []column
	read    string // the columns of t, by their names
	insert  string
	update  string
}

// column turns one field of many rows into one array parameter.
type column struct {
	name    string
	index   []int
	key     bool
	kind    columnKind
	pointer bool
}

// columnKind is a PostgreSQL type that rows use.
type columnKind struct {
	array string // the type of the parameter
	cast  string // of an element, where the array's differs from the column's
	of    func(n int) encoder
}

// encoder collects the values of one column.
type encoder interface {
	add(v reflect.Value) error // the zero Value is NULL
	array() any
}

// book keeps how each model is written.
type book struct {
	tables  sync.Map // reflect.Type → *table
	schemas sync.Map // GORM's own cache
}

// tableOf returns how the rows of a model are written, by the names GORM gives its
// columns. A row is a value: what a pointer points to could change after the decision.
func (b *book) tableOf(row models.Row) (*table, error) {
	t := reflect.TypeOf(row)
	if known, ok := b.tables.Load(t); ok {
		return known.(*table), nil
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("ledger: a row must be a struct, not %v", t)
	}
	s, err := schema.Parse(reflect.New(t).Interface(), &b.schemas, schema.NamingStrategy{})
	if err != nil {
		return nil, fmt.Errorf("ledger: model %s: %w", t, err)
	}
	made := &table{name: row.TableName()}
	for _, f := range s.Fields {
		if f.DBName == "" {
			continue
		}
		kind, pointer, err := kindOf(f)
		if err != nil {
			return nil, fmt.Errorf("ledger: %s.%s: %w", t, f.Name, err)
		}
		made.columns = append(made.columns, column{name: f.DBName, index: f.StructField.Index, key: f.PrimaryKey, kind: kind, pointer: pointer})
	}
	made.compose()
	known, _ := b.tables.LoadOrStore(t, made)
	return known.(*table), nil
}

// compose writes the statements down.
func (t *table) compose() {
	var names, read, params, values, sets, keys []string
	for i, c := range t.columns {
		value := "u." + c.name
		if c.kind.cast != "" {
			value += "::" + c.kind.cast
		}
		names, read = append(names, c.name), append(read, "t."+c.name)
		params = append(params, fmt.Sprintf("$%d::%s", i+1, c.kind.array))
		values = append(values, value)
		if c.key {
			keys = append(keys, "t."+c.name+" = "+value)
		} else {
			sets = append(sets, c.name+" = "+value)
		}
	}
	from := fmt.Sprintf("unnest(%s) AS u(%s)", strings.Join(params, ", "), strings.Join(names, ", "))
	t.read = strings.Join(read, ", ")
	t.insert = fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %s", t.name, strings.Join(names, ", "), strings.Join(values, ", "), from)
	t.update = fmt.Sprintf("UPDATE %s t SET %s FROM %s WHERE %s", t.name, strings.Join(sets, ", "), from, strings.Join(keys, " AND "))
}

// arrays turns rows into the parameters of a statement.
func (t *table) arrays(rows []models.Row) ([]any, error) {
	encoders := make([]encoder, len(t.columns))
	for i, c := range t.columns {
		encoders[i] = c.kind.of(len(rows))
	}
	v := reflect.New(reflect.TypeOf(rows[0])).Elem() // addressable, so that nothing is boxed
	for _, row := range rows {
		v.Set(reflect.ValueOf(row))
		for i, c := range t.columns {
			f := v.FieldByIndex(c.index)
			if c.pointer {
				f = f.Elem()
			}
			if err := encoders[i].add(f); err != nil {
				return nil, fmt.Errorf("ledger: %s.%s: %w", t.name, c.name, err)
			}
		}
	}
	params := make([]any, len(encoders))
	for i, e := range encoders {
		params[i] = e.array()
	}
	return params, nil
}

// key is the identity of a row: its table and the values of its primary key, in their
// order.
func (t *table) key(row models.Row) string {
	v := reflect.ValueOf(row)
	b := append(make([]byte, 0, 48), t.name...)
	for _, c := range t.columns {
		if !c.key {
			continue
		}
		switch x := v.FieldByIndex(c.index).Interface().(type) {
		case uuid.UUID:
			b = append(b, x[:]...)
		case int32:
			b = binary.BigEndian.AppendUint32(b, uint32(x)) //nolint:gosec // the bits are meant, not the number
		default:
			b = fmt.Appendf(b, "|%v", x)
		}
	}
	return string(b)
}

// kindOf chooses the PostgreSQL type of a field.
func kindOf(f *schema.Field) (columnKind, bool, error) {
	t := f.StructField.Type
	pointer := t.Kind() == reflect.Pointer
	if pointer {
		t = t.Elem()
	}
	if f.Serializer != nil {
		return columnKind{"text[]", "jsonb", makeList(encodeJSON)}, pointer, nil
	}
	switch t {
	case reflect.TypeFor[uuid.UUID]():
		return columnKind{"uuid[]", "", makeList(encodeUUID)}, pointer, nil
	case reflect.TypeFor[time.Time]():
		return columnKind{"timestamptz[]", "", makeList(encodeTime)}, pointer, nil
	case reflect.TypeFor[json.RawMessage]():
		return columnKind{"text[]", "jsonb", makeList(encodeRaw)}, pointer, nil
	case reflect.TypeFor[[]byte]():
		return columnKind{"bytea[]", "", makeList(encodeBytes)}, pointer, nil
	}
	switch t.Kind() {
	case reflect.String:
		return columnKind{"text[]", "", makeList(encodeText)}, pointer, nil
	case reflect.Bool:
		return columnKind{"boolean[]", "", makeList(encodeBool)}, pointer, nil
	case reflect.Int16:
		return columnKind{"smallint[]", "", makeList(encodeInt2)}, pointer, nil
	case reflect.Int32:
		return columnKind{"integer[]", "", makeList(encodeInt4)}, pointer, nil
	case reflect.Int64:
		return columnKind{"bigint[]", "", makeList(encodeInt8)}, pointer, nil
	case reflect.Float64:
		return columnKind{"double precision[]", "", makeList(encodeFloat)}, pointer, nil
	default:
		return columnKind{}, false, fmt.Errorf("no column type for %s", t)
	}
}

// uuidArray is a parameter of ids. A []uuid.UUID would be written out as text, one by one.
func uuidArray(ids []uuid.UUID) pgtype.FlatArray[pgtype.UUID] {
	array := make(pgtype.FlatArray[pgtype.UUID], len(ids))
	for i, id := range ids {
		array[i] = pgtype.UUID{Bytes: id, Valid: true}
	}
	return array
}

// list is an encoder over elements of one type.
type list[T any] struct {
	items  pgtype.FlatArray[T]
	encode func(reflect.Value) (T, error)
}

func makeList[T any](encode func(reflect.Value) (T, error)) func(int) encoder {
	return func(n int) encoder { return &list[T]{items: make(pgtype.FlatArray[T], 0, n), encode: encode} }
}

func (l *list[T]) add(v reflect.Value) error {
	item, err := l.encode(v)
	l.items = append(l.items, item)
	return err
}

func (l *list[T]) array() any { return l.items }

func encodeUUID(v reflect.Value) (pgtype.UUID, error) {
	if !v.IsValid() {
		return pgtype.UUID{}, nil
	}
	return pgtype.UUID{Bytes: [16]byte(v.Bytes()), Valid: true}, nil
}

func encodeTime(v reflect.Value) (pgtype.Timestamptz, error) {
	if !v.IsValid() {
		return pgtype.Timestamptz{}, nil
	}
	at := *v.Addr().Interface().(*time.Time)
	return pgtype.Timestamptz{Time: at, Valid: true}, inRange(at)
}

// inRange refuses times so far off that their microseconds would overflow and be
// written as some other time without an error.
func inRange(at time.Time) error {
	if at.Year() < -4000 || at.Year() > 9999 {
		return errors.New("the time is out of range")
	}
	return nil
}

func encodeText(v reflect.Value) (pgtype.Text, error) {
	if !v.IsValid() {
		return pgtype.Text{}, nil
	}
	return pgtype.Text{String: v.String(), Valid: true}, nil
}

func encodeRaw(v reflect.Value) (pgtype.Text, error) {
	if !v.IsValid() || v.Len() == 0 {
		return pgtype.Text{}, nil
	}
	return pgtype.Text{String: string(v.Bytes()), Valid: true}, nil
}

func encodeJSON(v reflect.Value) (pgtype.Text, error) {
	if !v.IsValid() {
		return pgtype.Text{}, nil
	}
	b, err := json.Marshal(v.Interface())
	return pgtype.Text{String: string(b), Valid: true}, err
}

func encodeBool(v reflect.Value) (pgtype.Bool, error) {
	if !v.IsValid() {
		return pgtype.Bool{}, nil
	}
	return pgtype.Bool{Bool: v.Bool(), Valid: true}, nil
}

func encodeInt2(v reflect.Value) (pgtype.Int2, error) {
	if !v.IsValid() {
		return pgtype.Int2{}, nil
	}
	return pgtype.Int2{Int16: int16(v.Int()), Valid: true}, nil //nolint:gosec // v is an int16
}

func encodeInt4(v reflect.Value) (pgtype.Int4, error) {
	if !v.IsValid() {
		return pgtype.Int4{}, nil
	}
	return pgtype.Int4{Int32: int32(v.Int()), Valid: true}, nil //nolint:gosec // v is an int32
}

func encodeInt8(v reflect.Value) (pgtype.Int8, error) {
	if !v.IsValid() {
		return pgtype.Int8{}, nil
	}
	return pgtype.Int8{Int64: v.Int(), Valid: true}, nil
}

func encodeFloat(v reflect.Value) (pgtype.Float8, error) {
	if !v.IsValid() {
		return pgtype.Float8{}, nil
	}
	return pgtype.Float8{Float64: v.Float(), Valid: true}, nil
}

func encodeBytes(v reflect.Value) ([]byte, error) {
	if !v.IsValid() {
		return nil, nil
	}
	return v.Bytes(), nil
}
