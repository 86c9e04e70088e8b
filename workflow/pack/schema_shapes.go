// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"reflect"

	"hientruong/models"
)

// valuesOf are the values of a closed set, where a type is one.
func valuesOf(t reflect.Type) ([]string, bool) {
	values, ok := map[reflect.Type][]string{
		reflect.TypeFor[models.Role]():       append(texts(models.Roles()), string(models.RoleSystem), string(models.RoleGuest)),
		reflect.TypeFor[models.Phase]():      texts([]models.Phase{models.PhaseReceived, models.PhaseWorking, models.PhaseAnswered, models.PhaseEnded, PhaseBefore}),
		reflect.TypeFor[models.Status]():     texts([]models.Status{models.StatusOpen, models.StatusClosed}),
		reflect.TypeFor[models.Shown]():      texts([]models.Shown{models.ShownNone, models.ShownStatus, models.ShownLink, models.ShownFull}),
		reflect.TypeFor[models.Visibility](): texts([]models.Visibility{models.VisibilityPublic, models.VisibilityRestricted, models.VisibilityPrivate}),
		reflect.TypeFor[models.Precision]():  texts([]models.Precision{models.PrecisionExact, models.PrecisionSnapped, models.PrecisionWard}),
		reflect.TypeFor[models.Urgency]():    texts([]models.Urgency{models.UrgencyNormal, models.UrgencyUrgent, models.UrgencySOS}),
		reflect.TypeFor[models.Counts]():     texts([]models.Counts{models.CountsWorking, models.CountsWall}),
		reflect.TypeFor[UnitKind]():          texts([]UnitKind{UnitCity, UnitIOC, UnitDepartment, UnitUtility, UnitWard}),
		reflect.TypeFor[AttributeType]():     texts([]AttributeType{AttributeString, AttributeNumber, AttributeSelect, AttributeBool, AttributeFileNumber}),
		reflect.TypeFor[Effect]():            texts(effects()),
		reflect.TypeFor[Subject]():           {string(OnSupport)},
		reflect.TypeFor[Auto]():              texts([]Auto{AutoRoute, AutoClock}),
		reflect.TypeFor[Escalation]():        texts([]Escalation{EscalateParent, EscalateOperations, EscalateLeader}),
	}[t]
	return values, ok
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// shapeOf is how a type is written that reads its YAML by itself, nil for others.
func shapeOf(t reflect.Type) func(*schemer) node {
	text := node{"type": "string"}
	switch t {
	case reflect.TypeFor[Text]():
		return func(*schemer) node {
			return node{"type": "object", "properties": node{"vi": text, "en": text}, "required": []string{"vi"},
				"propertyNames": node{"pattern": languagePattern.String()}, "additionalProperties": text}
		}
	case reflect.TypeFor[list]():
		return func(*schemer) node {
			return node{"oneOf": []node{text, {"type": "array", "items": text}}, "description": "One, or a list of them."}
		}
	case reflect.TypeFor[Due]():
		return func(s *schemer) node {
			return node{"oneOf": []node{{"const": "category.sla"}, s.of(reflect.TypeFor[Term]())}}
		}
	case reflect.TypeFor[Steps]():
		return func(s *schemer) node {
			return node{"oneOf": []node{s.of(reflect.TypeFor[Escalation]()), {"type": "array", "items": s.of(reflect.TypeFor[Step]())}}}
		}
	case reflect.TypeFor[Demands]():
		return func(s *schemer) node { return s.demands() }
	}
	return nil
}

// demands are a mapping of kinds, each with what it may be asked with.
func (s *schemer) demands() node {
	properties := node{}
	for _, k := range demandKinds() {
		kinds := []node{{"const": true}, {"const": "optional"}, s.of(reflect.TypeFor[demandSpec]())}
		if known := (Demand{Kind: DemandKind(k)}).known(); len(known) > 0 {
			kinds = append(kinds, node{"type": "array", "items": node{"enum": known}, "description": "Any of these will do."})
		}
		if DemandKind(k) == DemandReason {
			kinds = []node{{"type": "string", "description": "The name of a list of reasons.yaml."}, s.of(reflect.TypeFor[demandSpec]())}
		}
		properties[k] = node{"oneOf": kinds}
	}
	return node{"type": "object", "properties": properties, "additionalProperties": false}
}

// fieldShapes are fields with a form of their own.
func fieldShapes() map[string]node {
	code := func() node { return node{"type": "string", "pattern": codePattern.String()} }
	day := func() node {
		return node{"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
	}
	number := func(most int) node { return node{"type": "integer", "minimum": 1, "maximum": most} }
	return map[string]node{
		"Settings.ID": code(), "Unit.Code": code(), "Group.Code": code(), "Category.Code": code(), "Attribute.Code": code(), "Option.Key": code(),
		"Reason.Code": code(), "Template.Code": code(), "Workflow.Name": code(),
		"Settings.Prefix": {"type": "string", "pattern": "^[A-Z]{2,6}$"}, "Template.Kind": {"type": "string", "enum": templateKinds()},
		"Unit.ValidFrom": day(), "Unit.ValidTo": day(), "holidaySpec.Date": day(), "swapSpec.Work": day(), "swapSpec.Off": day(),
		"Remote.Factor": {"type": "number", "minimum": 1, "maximum": 10, "multipleOf": 0.1},
		"Term.Minutes":  number(10_000), "Term.Hours": number(10_000), "Term.Days": number(10_000),
		"Clock.Remind": {"type": "array", "items": number(99)},
	}
}

// requiredKeys are the keys that each struct cannot do without.
func requiredKeys() map[string][]string {
	return map[string][]string{
		"Settings": {"id", "name", "prefix", "zone", "languages", "operations", "limits"}, "Limits": {"description", "photos", "photo_bytes", "photo_pixels"},
		"Emergency": {"number", "name"}, "Remote": {"areas", "factor"},
		"unitsFile": {"units"}, "Unit": {"code", "kind", "name"},
		"categoriesFile": {"groups", "categories"}, "Group": {"code", "name"}, "Category": {"code", "group", "name", "workflow", "sla"},
		"Attribute": {"code", "type", "label"}, "Option": {"key", "name"},
		"Workflow": {"workflow", "label", "initial", "states", "transitions", "clocks"}, "State": {"phase", "public", "label"},
		"Transition": {"from", "to", "by", "label"}, "Clock": {"due", "overdue", "label"}, "Step": {"to"},
		"routingFile": {"rules"}, "Rule": {"when", "lead", "why"},
		"calendarFile": {"default", "calendars"}, "seasonSpec": {"from", "to", "week"}, "weekSpec": {"days", "hours"}, "holidaySpec": {"date", "name"},
		"swapSpec":  {"work", "off", "name"},
		"rolesFile": {"roles"}, "RoleWords": {"label"}, "reasonsFile": {"reasons"}, "Reason": {"code", "label"},
		"wordsFile": {"words"}, "templatesFile": {"templates"}, "Template": {"code", "kind", "label", "text"},
	}
}
