package store

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
)

// scanner is a row of a result, of a conn or of database/sql.
type scanner interface{ Scan(dest ...any) error }

// resultRow is a row of a conn: values as the driver gives them.
type resultRow []driver.Value

// Scan copies the values into what dest points at. It knows fewer conversions than database/sql: numbers into numbers that
// hold them, text and bytes into each other, and NULL only into bytes, empty interfaces and what scans itself.
func (r resultRow) Scan(dest ...any) error {
	if len(dest) != len(r) {
		return fmt.Errorf("a row of %d columns is read into %d", len(r), len(dest))
	}
	for i, v := range r {
		if err := assign(dest[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

func assign(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *any:
		*d = v
		return nil
	case *[]byte:
		return assignBytes(d, v)
	case *bool:
		if n, ok := v.(int64); ok {
			*d = n != 0
			return nil
		}
	case *string:
		if s, ok := v.(string); ok {
			*d = s
			return nil
		}
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case sql.Scanner:
		return d.Scan(v)
	}
	return assignKind(reflect.ValueOf(dest), v)
}

func assignBytes(d *[]byte, v driver.Value) error {
	switch v := v.(type) {
	case nil:
		*d = nil
	case []byte:
		*d = v // the driver made it for this row
	case string:
		*d = []byte(v)
	default:
		return fmt.Errorf("a %T is no text", v)
	}
	return nil
}

// assignKind is for types of our own over strings and numbers.
func assignKind(p reflect.Value, v driver.Value) error {
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("there is no reading into %s", p.Type())
	}
	d := p.Elem()
	switch v := v.(type) {
	case int64:
		switch {
		case d.CanInt() && !d.OverflowInt(v):
			d.SetInt(v)
			return nil
		case d.CanUint() && v >= 0 && !d.OverflowUint(uint64(v)):
			d.SetUint(uint64(v))
			return nil
		}
	case string:
		if d.Kind() == reflect.String {
			d.SetString(v)
			return nil
		}
	case []byte:
		if d.Kind() == reflect.String {
			d.SetString(string(v))
			return nil
		}
	case float64:
		if d.CanFloat() {
			d.SetFloat(v)
			return nil
		}
	}
	return fmt.Errorf("%v (%T) does not fit into %s", v, v, d.Type())
}
