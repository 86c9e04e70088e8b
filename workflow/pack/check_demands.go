// SPDX-License-Identifier: Apache-2.0

package pack

import (
	"slices"

	"hientruong/models"
)

// wants are the demands that an effect lives on, and how to write them.
type wants struct {
	kinds []DemandKind
	write string
}

func wantsOf(e Effect) wants {
	switch e {
	case EffectAssign:
		return wants{[]DemandKind{DemandUnit}, "unit: true"}
	case EffectMerge:
		return wants{[]DemandKind{DemandDuplicateOf}, "duplicate_of: true"}
	case EffectTransfer:
		return wants{[]DemandKind{DemandReason}, "reason: transfer"}
	case EffectRate:
		return wants{[]DemandKind{DemandRating}, "rating: true"}
	case EffectRedact:
		return wants{[]DemandKind{DemandRedactedText}, "redacted_text: {min: 1}"}
	case EffectHide:
		return wants{[]DemandKind{DemandReason}, "reason: hide"}
	case EffectSplit:
		return wants{[]DemandKind{DemandCategory, DemandRedactedText}, "category: true, redacted_text: {min: 10}"}
	case EffectExtend:
		return wants{[]DemandKind{DemandUntil, DemandReason}, "until: true, reason: extend"}
	case EffectDirect:
		return wants{[]DemandKind{DemandDirective, DemandDocument}, "directive: {min: 10}, document: true"}
	case EffectHand:
		return wants{[]DemandKind{DemandHandler}, "handler: true"}
	case EffectSupport:
		return wants{[]DemandKind{DemandSupport}, "support_units: true"}
	case EffectUrgency:
		return wants{[]DemandKind{DemandUrgency}, "urgency: true"}
	case EffectAccept, EffectRoute, EffectReturn, EffectApprove, EffectPublish, EffectReopen, EffectAppeal, EffectClassify, EffectShow, EffectUrge:
	}
	return wants{}
}

// readers are the effects of which one must read a demand; nil where the demand is kept for itself.
func (k DemandKind) readers() []Effect {
	switch k {
	case DemandDuplicateOf:
		return []Effect{EffectMerge}
	case DemandRating:
		return []Effect{EffectRate}
	case DemandHandler:
		return []Effect{EffectHand}
	case DemandUrgency:
		return []Effect{EffectUrgency}
	case DemandDirective:
		return []Effect{EffectDirect}
	case DemandUnit:
		return []Effect{EffectAssign}
	case DemandSupport:
		return []Effect{EffectAssign, EffectSupport}
	case DemandCategory:
		return []Effect{EffectClassify, EffectSplit}
	default:
		return nil
	}
}

// demands checks that a transition asks for what it does, and does what it asks for.
func (c *checker) demands(w *Workflow, t *Transition) {
	for i, e := range t.Does {
		missing := slices.DeleteFunc(slices.Clone(wantsOf(e).kinds), func(k DemandKind) bool {
			d, ok := t.Demands.Get(k)
			return ok && d.Required
		})
		if len(missing) > 0 {
			c.fault(w.src.name, at("transitions", t.Name, "does", i), "transition %s: %s demands %s; write demands: {%s}", t.Name, e, joinAnd(missing), wantsOf(e).write)
		}
	}
	if _, asks := t.Demands.Get(DemandCategory); t.Has(EffectClassify) && !asks {
		c.fault(w.src.name, at("transitions", t.Name, "does"), "transition %s: classify changes nothing without a category; write demands: {category: true} or {category: optional}", t.Name)
	}
	var texts []DemandKind
	for _, d := range t.Demands {
		where := at("transitions", t.Name, "demands", string(d.Kind))
		if d.Field() == "text" {
			texts = append(texts, d.Kind)
		}
		if readers := d.Kind.readers(); len(readers) > 0 && !slices.ContainsFunc(readers, t.Has) {
			c.fault(w.src.name, where, "transition %s demands %s and does nothing with it; write does: [%s]", t.Name, d.Kind, readers[0])
		}
		if d.Kind == DemandResult && t.On != OnSupport {
			c.fault(w.src.name, where, "transition %s: a result is what a supporting unit hands in; write on: support, or demand an answer", t.Name)
		}
		if d.Kind == DemandReason && len(c.pack.reasons[d.Reasons]) == 0 && c.sane("reasons.yaml") {
			c.fault(w.src.name, where, "transition %s: there is no list of reasons %q; %s", t.Name, d.Reasons, instead(d.Reasons, names(c.pack.reasons), oneOf(names(c.pack.reasons))))
		}
	}
	if len(texts) > 1 {
		c.fault(w.src.name, at("transitions", t.Name, "demands"), "transition %s demands %s, which come in one field; keep one of them", t.Name, joinAnd(texts))
	}
}

// support checks what a step of a supporting task may have: its units' roles, a result, a note and a reason, and to hand the part to
// somebody.
func (c *checker) support(w *Workflow, t *Transition) {
	where := at("transitions", t.Name)
	others := slices.DeleteFunc(slices.Clone(t.Does), func(e Effect) bool { return e == EffectHand })
	switch clocks := slices.Concat(t.Starts, t.Stops, t.Pauses, t.Resumes); {
	case len(others) > 0:
		c.fault(w.src.name, append(where, "does"), "transition %s: a step of a supporting task does nothing to the report but hand its part; leave %s out",
			t.Name, joinAnd(others))
	case t.Auto != "":
		c.fault(w.src.name, append(where, "auto"), "transition %s: a step of a supporting task goes by nobody; leave auto out", t.Name)
	case len(clocks) > 0:
		c.fault(w.src.name, where, "transition %s: a step of a supporting task moves no clock of the report; write support_clock at the top", t.Name)
	}
	for i, r := range t.By {
		if !slices.Contains([]models.Role{models.RoleCoordinator, models.RoleHandler, models.RoleUnitHead}, r) {
			c.fault(w.src.name, append(where, "by", i), "transition %s: %s is in no supporting unit; write unit_coordinator, handler or unit_head", t.Name, r)
		}
	}
	for _, d := range t.Demands {
		if !slices.Contains([]DemandKind{DemandResult, DemandNote, DemandReason, DemandHandler}, d.Kind) {
			c.fault(w.src.name, append(where, "demands", string(d.Kind)), "transition %s: a supporting unit hands in a result, a note or a reason, or names a handler; not %s",
				t.Name, d.Kind)
		}
	}
}

func joinAnd[T ~string](all []T) string {
	if len(all) < 2 {
		return join(all)
	}
	return join(all[:len(all)-1]) + " and " + string(all[len(all)-1])
}
